package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui"
	"provision/pkg/ui/paint"
)

// watchStatus looks again and again until somebody ends it, which is what is meant to happen. On a terminal each look
// takes the place of the one before.
func (s *session) watchStatus(ctx context.Context, t terminal, f *flags, every time.Duration) error {
	restore := t.stop.show(func(string) {}, func() {})
	defer restore()
	for {
		found := s.lookAgain(ctx)
		if ctx.Err() != nil {
			return nil
		}
		screen, width, height := t.screen()
		if f.output == "json" || f.output == "yaml" || !screen {
			if err := f.showStatus(t, found); err != nil {
				return err
			}
		} else {
			var text bytes.Buffer
			fmt.Fprintf(&text, "%s  every %s, Ctrl-C ends\n\n", time.Now().Format(time.TimeOnly), every)
			ui.Watch(paint.Sized{Writer: &text, Columns: width}, found)
			fmt.Fprint(t.out, ansi.EraseEntireScreen+ansi.CursorHomePosition+clip(text.String(), width, height-1)+"\n")
		}
		if err := graph.RealClock.Sleep(ctx, every); err != nil {
			return nil
		}
	}
}

// lookAgain reads the state anew, which another run may have written meanwhile; while that can't be read, what was read
// last counts.
func (s *session) lookAgain(ctx context.Context) *stack.Status {
	if document, err := s.store.Load(ctx); err == nil && !document.Fresh() {
		s.stack.Record = stack.ReadOnly{Read: document}
	}
	return s.stack.Status(ctx)
}

// screen says whether results go to a terminal, and how large that is.
func (t terminal) screen() (is bool, width, height int) {
	file, ok := t.out.Forward.(*os.File)
	if !ok {
		return false, 0, 0
	}
	width, height, err := term.GetSize(file.Fd())
	return err == nil && t.lookup("TERM") != "dumb", width, height
}

// clip cuts a text to the screen, and says so.
func clip(text string, width, height int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = ansi.Truncate(line, width, "…")
	}
	if hidden := len(lines) - height + 1; hidden > 1 && height > 1 {
		lines = append(lines[:height-1], fmt.Sprintf("… %d more lines", hidden))
	}
	return strings.Join(lines, "\n")
}
