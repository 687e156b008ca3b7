package terminal

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/charmbracelet/x/term"

	"provision/pkg/clock"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui"
	"provision/pkg/ui/live"
)

// The values of --progress.
const (
	Auto   = "auto" // grid on a terminal that a person looks at, else plain
	Grid   = "grid"
	Plain  = "plain"
	Stream = "json"
	None   = "none"
)

// Modes are all of them.
var Modes = []string{Auto, Grid, Plain, Stream, None}

// Progress reports a run's progress on stderr, and counts the calls.
type Progress struct {
	terminal Terminal
	mode     string
	clock    clock.Clock
	stream   *ui.Stream

	mu    sync.Mutex
	lines *ui.Lines  // nil: none
	view  *live.View // nil: none

	calls, mutating, throttled atomic.Int64
}

// NewProgress tells in this mode, with the clock that the run goes by.
func NewProgress(t Terminal, mode string, clock clock.Clock) *Progress {
	p := &Progress{terminal: t, mode: mode, clock: clock}
	if p.mode == Auto {
		p.mode = Plain
		if t.Attended() {
			p.mode = Grid
		}
	}
	switch p.mode {
	case Stream:
		p.stream = &ui.Stream{Out: t.events, Target: t.target}
	case Plain, Grid:
		p.lines = &ui.Lines{Out: t.Err, Start: clock.Now()}
	}
	return p
}

// Begin says what the run is going to do. One that changes nothing tells only what it waits for. The returned function
// says how it ended.
func (p *Progress) Begin(run live.Run, changes bool) (end func(stack.Outcome)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stop := func() {}
	switch {
	case p.stream != nil:
		p.stream.Start(p.clock.Now(), run)
		return func(o stack.Outcome) { p.stream.End(p.clock.Now(), run.Command, o, p.Counts()) }
	case p.mode == None:
	case !changes:
		p.lines.Quiet = true
	case p.mode == Grid:
		stop = p.watch(run)
	}
	return func(stack.Outcome) { stop() }
}

// watch shows the live view, in the place of lines.
func (p *Progress) watch(run live.Run) (end func()) {
	out, ok := p.terminal.Err.forward.(*os.File)
	if !ok {
		return func() {}
	}
	in := p.terminal.In
	if keys, ok := in.(*os.File); !ok || !term.IsTerminal(keys.Fd()) {
		in = nil
	}
	view := live.Start(live.New(run, p.clock.Now()), live.Terminal{
		Out: out, In: in, Environ: p.terminal.Environ, Profile: p.terminal.Err.profile,
		Now: p.clock.Now, Calls: p.Counts, Stop: p.terminal.Stop.Ask,
	})
	leave := sync.OnceFunc(func() {
		if err := view.End(); err != nil {
			fmt.Fprintf(p.terminal.Err, "the live view ended early: %v\n", err)
		}
	})
	restore := p.terminal.Stop.Show(view.Notice, leave)
	p.view = view
	return func() {
		restore()
		leave()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.view = nil
	}
}

// Notes is the writer of text for people, next to the results. Where a program reads progress and there is no question
// to ask, it discards them.
func (p *Progress) Notes(asks bool) io.Writer {
	if p.stream != nil && !asks {
		return io.Discard
	}
	return p.terminal.Err
}

// Event tells of one.
func (p *Progress) Event(e graph.Event) {
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

// Call is an attempt at an API call.
type Call struct {
	Region, Service, Operation string
	Mutating, Throttled        bool
}

// Call counts one.
func (p *Progress) Call(c Call) {
	p.calls.Add(1)
	if c.Mutating {
		p.mutating.Add(1)
	}
	if c.Throttled {
		p.throttled.Add(1)
		if p.stream != nil {
			p.stream.Throttled(p.clock.Now(), c.Region, c.Service, c.Operation)
		}
	}
}

// Counts are the calls so far.
func (p *Progress) Counts() live.Calls {
	return live.Calls{All: p.calls.Load(), Mutating: p.mutating.Load(), Throttled: p.throttled.Load()}
}

// Tally writes how many calls there were; a stream says so in its own words.
func (p *Progress) Tally(w io.Writer) {
	if p.stream != nil {
		return
	}
	c, throttled := p.Counts(), ""
	if c.Throttled > 0 {
		throttled = fmt.Sprintf(", %d throttled", c.Throttled)
	}
	fmt.Fprintf(w, "%s%s\n", c, throttled)
}
