package main

import (
	"context"
	"io"
	"strings"
	"syscall"
	"testing"
)

// Who ends a run at its question has changed nothing, and there is nothing to go on with.
func TestStoppedAtAQuestion(t *testing.T) {
	in, keyboard := io.Pipe() // nobody types
	defer keyboard.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	request := stoppedError{signal: syscall.SIGINT}
	cancel(request)
	var said strings.Builder
	err := confirm(ctx, newTerminal(in, io.Discard, &said, nil), &flags{}, "Apply this plan?", yes)
	if code := report(&said, "provision up", err); code != request.code() || code != 130 {
		t.Errorf("exit code %d", code)
	}
	if text := said.String(); !strings.HasSuffix(text, "\nprovision: stopped on request (SIGINT): nothing was changed\n") {
		t.Errorf("it says %q", text)
	}
}
