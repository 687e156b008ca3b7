package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"provision/pkg/clock"
	"provision/pkg/stack"
	"provision/pkg/ui"
	"provision/pkg/ui/paint"
)

// watchStatus looks again and again until the user ends it, which is what is meant to happen. On a terminal each look
// takes the place of the one before.
func (s *opened) watchStatus(ctx context.Context, at place, every time.Duration) error {
	restore := at.Stop.Show(func(string) {}, func() {})
	defer restore()
	for {
		found := s.lookAgain(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err := at.redraw(found, every); err != nil {
			return err
		}
		if err := clock.Sleep(ctx, every); err != nil {
			return nil
		}
	}
}

func (at place) redraw(found *stack.Status, every time.Duration) error {
	screen, width, height := at.Screen()
	if at.form.ForPrograms() || !screen {
		return at.showStatus(found)
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s  every %s, Ctrl-C ends\n\n", time.Now().Format(time.TimeOnly), every)
	ui.Watch(paint.Sized{Writer: &text, Columns: width}, found)
	return at.Redraw(text.String(), width, height)
}

// lookAgain reads the state again, which another run may have written meanwhile; while that fails, it uses the last one
// that was read.
func (s *opened) lookAgain(ctx context.Context) *stack.Status {
	if document, err := s.Store.Load(ctx); err == nil && !document.Fresh() {
		s.Stack.Record = stack.ReadOnly{Read: document}
	}
	return s.Stack.Status(ctx)
}
