package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"

	"provision/pkg/cli"
	"provision/pkg/terminal"
	"provision/pkg/ui/paint"
)

// The output without arguments fits on the smallest of terminals, prompt included.
func TestBriefHelpIsOneScreen(t *testing.T) {
	const columns, rows = 80, 24
	var text bytes.Buffer
	root := newRoot(terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{})
	cli.NewHelp(paint.Sized{Writer: &text, Columns: columns}).Brief(root)
	lines := strings.Split(text.String(), "\n")
	if len(lines) > rows {
		t.Errorf("%d lines, with the prompt's:\n%s", len(lines), text.String())
	}
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() && !strings.Contains(text.String(), "\n  "+cmd.Name()+" ") {
			t.Errorf("%s is not in it", cmd.Name())
		}
	}
}

// Help breaks its lines between words, whatever the terminal's width.
func TestHelpFits(t *testing.T) {
	root := newRoot(terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{})
	const columns = 80
	for _, cmd := range all(root) {
		var text bytes.Buffer
		cli.NewHelp(paint.Sized{Writer: &text, Columns: columns}).Whole(cmd)
		shown := strings.Replace(text.String(), cmd.Example, "", 1) // as it is typed
		for line := range strings.Lines(shown) {
			if strings.Contains(cmd.Long, "\t"+strings.TrimSpace(line)+"\n") { // to be copied
				continue
			}
			if width := ansi.StringWidth(strings.TrimRight(line, "\n")); width > columns {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), width, line)
			}
		}
		if !strings.Contains(text.String(), "Usage:") || cmd.HasParent() && strings.Contains(text.String(), "--sandbox-speed") {
			t.Errorf("%s: the help is\n%s", cmd.CommandPath(), text.String())
		}
	}
}

// In a flag's usage, back-quotes name its value: a command in them would be shown as the value.
func TestAFlagsValueIsAWord(t *testing.T) {
	root := newRoot(terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{})
	for _, cmd := range all(root) {
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			value, usage := pflag.UnquoteUsage(flag)
			if strings.ContainsAny(value, " `") || strings.Contains(usage, "`") {
				t.Errorf("%s: --%s %s  %s", cmd.CommandPath(), flag.Name, value, usage)
			}
		})
	}
}
