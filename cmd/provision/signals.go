package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// stoppedError is why a run ends early: somebody asked it to.
type stoppedError struct{ signal syscall.Signal }

func (e stoppedError) Error() string {
	return fmt.Sprintf("stopped by %s; what was under way is recorded", e.signal)
}

func (e stoppedError) code() int { return 128 + int(e.signal) }

// untilSignal gives a context that ends at the first SIGINT or SIGTERM: calls under way end and are recorded. The
// second one ends the process at once; the next run heals what that leaves.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		first, ok := <-signals
		if !ok {
			return
		}
		fmt.Fprintln(os.Stderr, "stopping: calls under way are finished and recorded; once more to quit at once")
		cancel(stoppedError{first.(syscall.Signal)})
		if second, ok := <-signals; ok {
			os.Exit(stoppedError{second.(syscall.Signal)}.code())
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
