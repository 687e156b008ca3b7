package main

import (
	"context"
	"fmt"
	"time"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/session"
	"provision/pkg/terminal"
	"provision/pkg/ui/live"
)

// opened is a session, and what the terminal shows of it.
type opened struct {
	*session.Session
	host *host
}

// open opens a session for a command on the stack of these settings.
func open(ctx context.Context, t terminal.Terminal, c common, cfg *config.Config, p session.Purpose) (*opened, error) {
	h := &host{terminal: t, common: c}
	s, err := session.Open(ctx, c.sessionOptions(t, cfg), h, p)
	return &opened{s, h}, err
}

// unopened is a session for a command that opens what it needs.
func unopened(t terminal.Terminal, c common, cfg *config.Config) *opened {
	h := &host{terminal: t, common: c}
	return &opened{session.New(c.sessionOptions(t, cfg), h), h}
}

func (c common) sessionOptions(t terminal.Terminal, cfg *config.Config) session.Options {
	o := c.session
	o.Config, o.Log.Out, o.Log.Target = cfg, t.Err, c.target
	return o
}

// host implements [session.Host] with a terminal.
type host struct {
	terminal terminal.Terminal
	common   common
	progress *terminal.Progress
}

func (h *host) Connected(clock clock.Clock) {
	h.progress = terminal.NewProgress(h.terminal, h.common.progress, clock)
}

func (h *host) Call(c cloud.Call) {
	h.progress.Call(terminal.Call{
		Region: c.Region, Service: c.Service, Operation: c.Operation, Mutating: c.Mutating, Throttled: c.Throttled(),
	})
}

func (h *host) Event(e graph.Event) { h.progress.Event(e) }

func (h *host) Tell(line string) { h.terminal.Notef("%s", line) }

func (h *host) Agree(ctx context.Context, question string) error {
	return h.terminal.Confirm(ctx, h.common.question(question, terminal.Yes))
}

func (h *host) MFA() func() (string, error) { return h.terminal.MFA() }

// note is the text next to the stack's name in the live view.
func (s *opened) note() string {
	if s.Backend.Sandbox == nil {
		return ""
	}
	return fmt.Sprintf("sandbox %g×", s.Backend.Speed)
}

// warnOfExpiry names credentials that end before the run does, before the question: you can still log in again.
func (s *opened) warnOfExpiry(run live.Run) {
	takes := run.Takes()
	if s.Identity.EndsBefore(time.Now().Add(takes)) {
		s.host.terminal.Notef("warning: the credentials (%s) expire at %s, and this usually takes about %s: log in again "+
			"first, or run the command again after they have expired; it resumes",
			s.Identity.Source, s.Identity.Expires.Format(time.TimeOnly), takes.Round(time.Minute))
	}
}
