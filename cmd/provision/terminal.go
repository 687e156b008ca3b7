package main

import (
	"io"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"provision/pkg/ui/paint"
)

// terminal is where a command reads and writes: results on out, progress and errors on err.
type terminal struct {
	in      io.Reader
	out     *colorprofile.Writer
	err     *colorprofile.Writer
	environ []string
	stop    *stopper  // ends the run when somebody asks for it
	events  io.Writer // where progress goes that is for programs
	target  string    // whose progress it is, in a run on many

	backend func(*flags) (*backend, error) // who answers the calls
}

func newTerminal(in io.Reader, out, problems io.Writer, environ []string) terminal {
	t := terminal{
		in: in, environ: environ, events: problems, backend: (*flags).openBackend,
		out: &colorprofile.Writer{Forward: out}, err: &colorprofile.Writer{Forward: problems},
	}
	t.colours(false)
	return t
}

// colours decides what is painted, once the flags are known.
func (t terminal) colours(none bool) {
	t.out.Profile = paint.Profile(t.out.Forward, t.environ, none)
	t.err.Profile = paint.Profile(t.err.Forward, t.environ, none)
}

// attended says whether stderr is a terminal that a person looks at.
func (t terminal) attended() bool {
	ci := t.lookup("CI")
	return paint.IsTerminal(t.err.Forward) && t.lookup("TERM") != "dumb" && (ci == "" || ci == "false")
}

// answers says whether there is somebody at a keyboard to ask.
func (t terminal) answers() bool {
	keys, ok := t.in.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(keys.Fd())
}

func (t terminal) lookup(name string) string { return paint.Lookup(t.environ, name) }
