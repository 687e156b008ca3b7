package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/charmbracelet/x/term"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui"
	"provision/pkg/ui/live"
)

// The values of --progress.
const (
	progressAuto  = "auto" // grid on a terminal that a person looks at, else plain
	progressGrid  = "grid"
	progressPlain = "plain"
	progressJSON  = "json"
	progressNone  = "none"
)

var progressModes = []string{progressAuto, progressGrid, progressPlain, progressJSON, progressNone}

// progress tells on stderr what goes on, and counts the calls.
type progress struct {
	terminal terminal
	mode     string
	clock    graph.Clock
	stream   *ui.Stream

	mu    sync.Mutex
	lines *ui.Lines  // nil: none
	view  *live.View // nil: none

	calls, mutating, throttled atomic.Int64
}

func newProgress(t terminal, f *flags, clock graph.Clock) *progress {
	p := &progress{terminal: t, mode: f.progress, clock: clock}
	if p.mode == progressAuto {
		p.mode = progressPlain
		if t.attended() {
			p.mode = progressGrid
		}
	}
	switch p.mode {
	case progressJSON:
		p.stream = &ui.Stream{Out: t.events, Target: t.target}
	case progressPlain, progressGrid:
		p.lines = &ui.Lines{Out: t.err, Start: clock.Now()}
	}
	return p
}

// begin says what the run is going to do. One that changes nothing tells only what it waits for. The returned function
// says how it ended.
func (p *progress) begin(run live.Run, changes bool) (end func(stack.Outcome)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stop := func() {}
	switch {
	case p.stream != nil:
		p.stream.Start(p.clock.Now(), run)
		return func(o stack.Outcome) { p.stream.End(p.clock.Now(), run.Command, o, p.counts()) }
	case p.mode == progressNone:
	case !changes:
		p.lines.Quiet = true
	case p.mode == progressGrid:
		stop = p.watch(run)
	}
	return func(stack.Outcome) { stop() }
}

// watch shows the live view, in the place of lines.
func (p *progress) watch(run live.Run) (end func()) {
	out, ok := p.terminal.err.Forward.(*os.File)
	if !ok {
		return func() {}
	}
	in := p.terminal.in
	if keys, ok := in.(*os.File); !ok || !term.IsTerminal(keys.Fd()) {
		in = nil
	}
	view := live.Start(live.New(run, p.clock.Now()), live.Terminal{
		Out: out, In: in, Environ: p.terminal.environ, Profile: p.terminal.err.Profile,
		Now: p.clock.Now, Calls: p.counts, Stop: p.terminal.stop.ask,
	})
	leave := sync.OnceFunc(func() {
		if err := view.End(); err != nil {
			fmt.Fprintf(p.terminal.err, "the live view ended early: %v\n", err)
		}
	})
	restore := p.terminal.stop.show(view.Notice, leave)
	p.view = view
	return func() {
		restore()
		leave()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.view = nil
	}
}

// notes is where things are written for people, beside the results. Where a program reads progress and nothing is
// asked, nobody reads them.
func (p *progress) notes(f *flags) io.Writer {
	if p.stream != nil && f.yes {
		return io.Discard
	}
	return p.terminal.err
}

func (p *progress) event(e graph.Event) {
	p.mu.Lock()
	view := p.view
	p.mu.Unlock()
	switch {
	case p.stream != nil:
		p.stream.Event(e)
	case view != nil:
		view.Event(e)
	case p.lines != nil:
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
		if p.stream != nil {
			p.stream.Throttled(p.clock.Now(), c.Region, c.Service, c.Operation)
		}
	}
}

func (p *progress) counts() live.Calls {
	return live.Calls{All: p.calls.Load(), Mutating: p.mutating.Load(), Throttled: p.throttled.Load()}
}

// tally writes how many calls there were; a stream says so in its own words.
func (p *progress) tally(w io.Writer) {
	if p.stream != nil {
		return
	}
	c, throttled := p.counts(), ""
	if c.Throttled > 0 {
		throttled = fmt.Sprintf(", %d throttled", c.Throttled)
	}
	fmt.Fprintf(w, "%d API calls, %d of them changed something%s\n", c.All, c.Mutating, throttled)
}
