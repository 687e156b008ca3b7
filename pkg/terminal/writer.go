package terminal

import (
	"fmt"
	"io"
	"sync"

	"github.com/charmbracelet/colorprofile"
)

// Writer is the only way to standard output and standard error. It paints as far as the terminal can show it, escapes
// sequences in foreign text that could control the terminal (see guard), and keeps the first error: a run whose result
// was lost must not succeed, even if the caller ignored the error.
type Writer struct {
	name    string
	forward io.Writer
	profile colorprofile.Profile

	mu    sync.Mutex
	guard guard
	lost  error
}

// LostError says that something could not be written, and is gone.
type LostError struct {
	Name string // of what was written to
	Err  error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("write to %s: the output is lost or incomplete: %v", e.Name, e.Err)
}

// Unwrap gives the system's reason.
func (e *LostError) Unwrap() error { return e.Err }

// NextStep implements ending.Advisor.
func (e *LostError) NextStep() string {
	return "free some space for " + e.Name + ", or write it to another path; `provision status` shows the stack"
}

// Write implements [io.Writer].
func (w *Writer) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	painted := colorprofile.Writer{Forward: w.forward, Profile: w.profile}
	if _, err := painted.Write(w.guard.clean(text)); err != nil {
		return 0, w.keep(err)
	}
	return len(text), nil
}

// Raw writes what is no text for a terminal, such as a picture, byte for byte.
func (w *Writer) Raw(content []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.forward.Write(content)
	return w.keep(err)
}

func (w *Writer) keep(err error) error {
	if err == nil {
		return nil
	}
	lost := &LostError{Name: w.name, Err: err}
	if w.lost == nil {
		w.lost = lost
	}
	return lost
}

// Lost is the first error of all that was written, or nil.
func (w *Writer) Lost() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost
}

// Forward is what is written to; other packages ask it how wide it is.
func (w *Writer) Forward() io.Writer { return w.forward }

// to is a writer of the same look to another place.
func (w *Writer) to(forward io.Writer) *Writer {
	return &Writer{name: w.name, forward: forward, profile: w.profile}
}
