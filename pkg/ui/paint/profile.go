package paint

import (
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
)

// Profile is the colour profile of a writer's terminal, as the user asked: --no-color or NO_COLOR turn colours off,
// FORCE_COLOR and CLICOLOR_FORCE turn them on without a terminal, and otherwise TERM and COLORTERM decide. Without a
// terminal the text is plain. See https://no-color.org and https://force-color.org.
func Profile(w io.Writer, environ []string, noColor bool) colorprofile.Profile {
	tty := IsTerminal(w)
	switch {
	case noColor || Lookup(environ, "NO_COLOR") != "":
		if tty && Lookup(environ, "TERM") != "dumb" {
			return colorprofile.ASCII
		}
		return colorprofile.NoTTY
	case forced(environ, "FORCE_COLOR") || forced(environ, "CLICOLOR_FORCE"):
		return max(colorprofile.ANSI, colorprofile.Env(environ))
	case !tty:
		return colorprofile.NoTTY
	}
	return colorprofile.Env(environ)
}

// IsTerminal says whether the writer is a terminal.
func IsTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(file.Fd())
}

// Sized is a writer of what a terminal of so many columns will show.
type Sized struct {
	io.Writer
	Columns int
}

// Width is the number of columns of the terminal behind a writer; 0 where there is none.
func Width(w io.Writer) int {
	switch wrapped := w.(type) {
	case Sized:
		return wrapped.Columns
	case interface{ Forward() io.Writer }: // the terminal's
		w = wrapped.Forward()
	}
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(file.Fd())
	if err != nil {
		return 0
	}
	return width
}

// forced: 0 and false are how these variables are switched off.
func forced(environ []string, name string) bool {
	value := strings.ToLower(Lookup(environ, name))
	return value != "" && value != "0" && value != "false"
}

// Lookup is the last value that the environment gives, as it is for processes.
func Lookup(environ []string, name string) string {
	value := ""
	for _, pair := range environ {
		if got, ok := strings.CutPrefix(pair, name+"="); ok {
			value = got
		}
	}
	return value
}
