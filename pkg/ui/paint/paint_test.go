package paint

import (
	"bytes"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
)

func TestProfileOfAPipe(t *testing.T) {
	for _, c := range []struct {
		name    string
		environ []string
		noColor bool
		want    colorprofile.Profile
	}{
		{"nothing said", []string{"TERM=xterm-256color"}, false, colorprofile.NoTTY},
		{"forced", []string{"TERM=xterm", "FORCE_COLOR=1"}, false, colorprofile.ANSI},
		{"forced by another name", []string{"CLICOLOR_FORCE=1", "TERM=xterm-256color"}, false, colorprofile.ANSI256},
		{"forced with no terminal at all", []string{"FORCE_COLOR=true"}, false, colorprofile.ANSI},
		{"0 does not force", []string{"FORCE_COLOR=0"}, false, colorprofile.NoTTY},
		{"false does not force", []string{"CLICOLOR_FORCE=false"}, false, colorprofile.NoTTY},
		{"no colours, whatever is said beside", []string{"FORCE_COLOR=1", "NO_COLOR=1"}, false, colorprofile.NoTTY},
		{"NO_COLOR counts with any value", []string{"FORCE_COLOR=1", "NO_COLOR=please"}, false, colorprofile.NoTTY},
		{"NO_COLOR counts only with a value", []string{"FORCE_COLOR=1", "NO_COLOR=", "TERM=xterm"}, false, colorprofile.ANSI},
		{"the flag goes first", []string{"FORCE_COLOR=1"}, true, colorprofile.NoTTY},
	} {
		if got := Profile(&bytes.Buffer{}, c.environ, c.noColor); got != c.want {
			t.Errorf("%s: %v instead of %v", c.name, got, c.want)
		}
	}
}

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		d             time.Duration
		people, clock string
	}{
		{0, "0 s", "0:00"},
		{4400 * time.Millisecond, "4 s", "0:04"},
		{time.Minute, "1 min", "1:00"},
		{112 * time.Second, "1 min 52 s", "1:52"},
		{3725 * time.Second, "1 h 2 min", "1:02:05"},
	} {
		if got := Duration(c.d); got != c.people {
			t.Errorf("Duration(%v) = %q, want %q", c.d, got, c.people)
		}
		if got := Clock(c.d); got != c.clock {
			t.Errorf("Clock(%v) = %q, want %q", c.d, got, c.clock)
		}
	}
}
