package terminal_test

import (
	"context"
	"io"
	"strings"
	"syscall"
	"testing"

	"provision/pkg/ending"
	"provision/pkg/terminal"
)

// A run that the user ends at its question has changed nothing, and there is nothing to resume.
func TestStoppedAtAQuestion(t *testing.T) {
	in, keyboard := io.Pipe() // no one types
	defer keyboard.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	request := ending.StoppedError{Signal: syscall.SIGINT}
	cancel(request)
	var said strings.Builder
	err := terminal.New(in, io.Discard, &said, nil).Confirm(ctx, terminal.Question{Text: "Apply this plan?", Word: terminal.Yes})
	if code := ending.Print(&said, "provision up", err); code != request.Code() || code != 130 {
		t.Errorf("exit code %d", code)
	}
	if text := said.String(); !strings.HasSuffix(text, "\nprovision: stopped on request (SIGINT): nothing was changed\n") {
		t.Errorf("it says %q", text)
	}
}

// A yes may be short; what is removed for good wants the stack's name in full.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		word, answer string
		allowed      bool
	}{
		{terminal.Yes, "yes\n", true},
		{terminal.Yes, "y\n", true},
		{terminal.Yes, " Y \n", true},
		{terminal.Yes, "YES", true},
		{terminal.Yes, "no\n", false},
		{terminal.Yes, "yeah\n", false},
		{terminal.Yes, "\n", false},
		{"web", "web\n", true},
		{"web", "y\n", false},
		{"web", "yes\n", false},
		{"web", "WEB\n", false},
		{"y", "Y\n", false},
	} {
		at := terminal.New(strings.NewReader(c.answer), io.Discard, io.Discard, nil)
		err := at.Confirm(t.Context(), terminal.Question{Text: "Do it?", Word: c.word})
		if (err == nil) != c.allowed || err != nil && ending.Code(err) != ending.Declined {
			t.Errorf("%q, where %q is asked for: %v", c.answer, c.word, err)
		}
	}
}

// Where no answer can come the run says so, and which flag goes without; only what costs nothing is created even so.
func TestNoTerminalToAnswerAt(t *testing.T) {
	for _, c := range []struct {
		name     string
		question terminal.Question
		allowed  bool
	}{
		{"create", terminal.Question{Word: terminal.Yes}, false},
		{"create in the sandbox", terminal.Question{Word: terminal.Yes, Free: true}, true},
		{"remove in the sandbox", terminal.Question{Word: "web", Free: true}, false},
		{"agreed", terminal.Question{Word: "web", Skip: true}, true},
	} {
		var said strings.Builder
		err := terminal.New(strings.NewReader(""), io.Discard, &said, nil).Confirm(t.Context(), c.question)
		switch {
		case (err == nil) != c.allowed:
			t.Errorf("%s: %v", c.name, err)
		case err != nil && (!strings.Contains(err.Error(), "no terminal") || !strings.Contains(err.Error(), "--yes")):
			t.Errorf("%s: it does not say why or what to do: %v", c.name, err)
		}
	}
}
