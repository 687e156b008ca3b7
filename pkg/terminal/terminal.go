package terminal

import (
	"fmt"
	"io"
	"os"

	"github.com/charmbracelet/x/term"

	"provision/pkg/foreign"
	"provision/pkg/ui/paint"
)

// Terminal is where a command reads and writes: results on Out, progress and errors on Err.
type Terminal struct {
	In      io.Reader
	Out     *Writer
	Err     *Writer
	Environ []string
	Stop    *Stopper // ends the run when the user asks for it

	events io.Writer // where progress goes that is for programs
	target string    // whose progress it is, in a run on many
}

// New is a terminal on these streams. [Terminal.Colours] decides about its colours again once --no-color is known.
func New(in io.Reader, out, problems io.Writer, environ []string) Terminal {
	t := Terminal{
		In: in, Environ: environ, events: problems,
		Out: &Writer{name: "standard output", forward: out}, Err: &Writer{name: "standard error", forward: problems},
	}
	t.Colours(false)
	return t
}

// Colours decides what is painted.
func (t Terminal) Colours(none bool) {
	t.Out.profile = paint.Profile(t.Out.forward, t.Environ, none)
	t.Err.profile = paint.Profile(t.Err.forward, t.Environ, none)
}

// Notef writes one line for people, next to the results, whatever others wrote into the arguments.
func (t Terminal) Notef(format string, args ...any) {
	fmt.Fprintln(t.Err, foreign.Line(fmt.Sprintf(format, args...)))
}

// Attended says whether stderr is a terminal that a person looks at.
func (t Terminal) Attended() bool {
	ci := t.lookup("CI")
	return paint.IsTerminal(t.Err.forward) && t.lookup("TERM") != "dumb" && (ci == "" || ci == "false")
}

// Answers says whether there is a keyboard to ask at.
func (t Terminal) Answers() bool {
	keys, ok := t.In.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(keys.Fd())
}

// Screen says whether results go to a terminal, and how large that is.
func (t Terminal) Screen() (is bool, width, height int) {
	file, ok := t.Out.forward.(*os.File)
	if !ok {
		return false, 0, 0
	}
	width, height, err := term.GetSize(file.Fd())
	return err == nil && t.lookup("TERM") != "dumb", width, height
}

func (t Terminal) lookup(name string) string { return paint.Lookup(t.Environ, name) }
