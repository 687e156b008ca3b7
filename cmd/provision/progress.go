package main

import (
	"sync/atomic"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/ui"
)

// progress tells on stderr what goes on, and counts the calls.
type progress struct {
	lines *ui.Lines // nil: silent

	calls, mutating, throttled atomic.Int64
}

func newProgress(t terminal, f *flags, clock graph.Clock) *progress {
	p := &progress{}
	if f.progress != "none" {
		p.lines = &ui.Lines{Out: t.err, Start: clock.Now()}
	}
	return p
}

func (p *progress) event(e graph.Event) {
	if p.lines != nil {
		p.lines.Event(e)
	}
}

func (p *progress) call(c cloud.Call) {
	p.calls.Add(1)
	if c.Mutating {
		p.mutating.Add(1)
	}
	if c.Throttled() {
		p.throttled.Add(1)
	}
}
