package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"provision/pkg/graph"
)

// stoppedError is why a run ends early: somebody asked it to.
type stoppedError struct {
	signal syscall.Signal
	asked  bool // it was at a question, and nothing had begun
}

func (e stoppedError) Error() string {
	name := "SIGTERM"
	if e.signal == syscall.SIGINT {
		name = "SIGINT" // or the live view's key
	}
	if e.asked {
		return fmt.Sprintf("stopped on request (%s): nothing was changed", name)
	}
	return fmt.Sprintf("stopped on request (%s); what was under way is recorded", name)
}

// Unwrap says that nothing went wrong.
func (e stoppedError) Unwrap() error { return graph.ErrStopped }

// Is makes it the same request wherever the run was.
func (e stoppedError) Is(target error) bool {
	other, ok := target.(stoppedError)
	return ok && other.signal == e.signal
}

func (e stoppedError) code() int { return 128 + int(e.signal) }

const stopping = "stopping: calls under way are finished and recorded; once more to quit at once"

// stopper ends a run when somebody asks for it, by a signal or by a key of the live view. At first no new work begins:
// calls under way end and are recorded. The second time the process ends at once; the next run heals what that leaves.
type stopper struct {
	signals  chan os.Signal
	problems io.Writer
	cancel   context.CancelCauseFunc
	timer    *time.Timer // of --timeout; nil: there is none

	mu     sync.Mutex
	notice func(string) // says that the run is stopping
	leave  func()       // gives the terminal back before the process ends at once
}

// limit ends the run, as a signal does, when its time is up.
func (s *stopper) limit(after time.Duration) {
	if after > 0 {
		s.timer = time.AfterFunc(after, func() { s.cancel(errTimeout) })
	}
}

// untilSignal gives a context that ends at the first SIGINT or SIGTERM.
func untilSignal(parent context.Context, problems io.Writer) (context.Context, *stopper, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	s := &stopper{signals: make(chan os.Signal, 2), problems: problems, cancel: cancel}
	s.show(func(text string) { fmt.Fprintln(problems, text) }, func() {})
	signal.Notify(s.signals, syscall.SIGINT, syscall.SIGTERM)
	ended := make(chan struct{})
	go s.wait(ended)
	return ctx, s, func() {
		if s.timer != nil {
			s.timer.Stop()
		}
		close(ended) // signals stay caught: a late one must not end a process that is about to tell how it ended
		cancel(nil)
	}
}

func (s *stopper) wait(ended <-chan struct{}) {
	select {
	case first := <-s.signals:
		s.hooks(func(notice func(string), _ func()) { notice(stopping) })
		s.cancel(stoppedError{signal: first.(syscall.Signal)})
	case <-ended:
		return
	}
	select {
	case second := <-s.signals:
		s.hooks(func(_ func(string), leave func()) { leave() })
		fmt.Fprintln(s.problems, "ended at once: the next run finds what was under way, and goes on there")
		os.Exit(stoppedError{signal: second.(syscall.Signal)}.code())
	case <-ended:
	}
}

// ask does what SIGINT does: in the live view Ctrl-C is a key and sends none.
func (s *stopper) ask() {
	select {
	case s.signals <- syscall.SIGINT:
	default: // it was asked for twice already
	}
}

// show sets who says that the run is stopping, and who gives the terminal back, until the returned function is called.
func (s *stopper) show(notice func(string), leave func()) (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, beforeLeave := s.notice, s.leave
	s.notice, s.leave = notice, leave
	return func() { s.show(before, beforeLeave) }
}

func (s *stopper) hooks(use func(notice func(string), leave func())) {
	s.mu.Lock()
	notice, leave := s.notice, s.leave
	s.mu.Unlock()
	use(notice, leave)
}
