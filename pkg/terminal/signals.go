package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"provision/pkg/ending"
)

const stopping = "stopping: calls in flight are finished and recorded; press again to quit immediately"

// Stopper ends a run when the user asks for it, by a signal or by a key of the live view. At first no new work starts:
// calls in flight finish and are recorded. The second time the process ends at once; the next run resumes calls that
// were in flight.
type Stopper struct {
	signals  chan os.Signal
	problems io.Writer
	cancel   context.CancelCauseFunc
	timer    *time.Timer // of --timeout; nil: there is none

	mu     sync.Mutex
	notice func(string) // says that the run is stopping
	leave  func()       // gives the terminal back before the process ends at once
}

// Limit ends the run, as a signal does, when its time is up.
func (s *Stopper) Limit(after time.Duration) {
	if after > 0 {
		s.timer = time.AfterFunc(after, func() { s.cancel(ending.ErrTimeout) })
	}
}

// UntilSignal gives a context that ends at the first SIGINT or SIGTERM.
func UntilSignal(parent context.Context, problems io.Writer) (context.Context, *Stopper, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	s := &Stopper{signals: make(chan os.Signal, 2), problems: problems, cancel: cancel}
	s.Show(func(text string) { fmt.Fprintln(problems, text) }, func() {})
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

func (s *Stopper) wait(ended <-chan struct{}) {
	select {
	case first := <-s.signals:
		s.hooks(func(notice func(string), _ func()) { notice(stopping) })
		s.cancel(ending.StoppedError{Signal: first.(syscall.Signal)})
	case <-ended:
		return
	}
	select {
	case second := <-s.signals:
		s.hooks(func(_ func(string), leave func()) { leave() })
		fmt.Fprintln(s.problems, "quit immediately; the next run resumes calls that were in flight")
		os.Exit(ending.StoppedError{Signal: second.(syscall.Signal)}.Code())
	case <-ended:
	}
}

// Ask does what SIGINT does: in the live view Ctrl-C is a key and sends none.
func (s *Stopper) Ask() {
	select {
	case s.signals <- syscall.SIGINT:
	default: // it was asked for twice already
	}
}

// Show sets who says that the run is stopping, and who gives the terminal back, until the returned function is called.
func (s *Stopper) Show(notice func(string), leave func()) (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, beforeLeave := s.notice, s.leave
	s.notice, s.leave = notice, leave
	return func() { s.Show(before, beforeLeave) }
}

func (s *Stopper) hooks(use func(notice func(string), leave func())) {
	s.mu.Lock()
	notice, leave := s.notice, s.leave
	s.mu.Unlock()
	use(notice, leave)
}
