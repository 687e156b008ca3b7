package graph

import (
	"context"
	"slices"
	"sync"
	"time"
)

// limiter lets a number of calls through at once; of those that wait, the one on the longest path goes first. A nil
// limiter lets everything through.
type limiter struct {
	mu      sync.Mutex
	free    int
	waiting []*ticket // the longest path first
}

type ticket struct {
	path time.Duration
	turn chan struct{}
}

func newLimiter(n int) *limiter {
	if n <= 0 {
		return nil
	}
	return &limiter{free: n}
}

func (l *limiter) acquire(ctx context.Context, path time.Duration) error {
	if l == nil {
		return nil
	}
	t := l.enter(path)
	select {
	case <-t.turn:
		return nil
	case <-ctx.Done():
		l.leave(t)
		return context.Cause(ctx)
	}
}

func (l *limiter) enter(path time.Duration) *ticket {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &ticket{path: path, turn: make(chan struct{})}
	if l.free > 0 {
		l.free--
		close(t.turn)
		return t
	}
	at, _ := slices.BinarySearchFunc(l.waiting, t, func(a, b *ticket) int {
		if a.path >= b.path { // of equal paths the first come is the first served
			return -1
		}
		return 1
	})
	l.waiting = slices.Insert(l.waiting, at, t)
	return t
}

// leave returns a ticket that no node waits for any more; its turn may have come meanwhile.
func (l *limiter) leave(t *ticket) {
	l.mu.Lock()
	at := slices.Index(l.waiting, t)
	if at >= 0 {
		l.waiting = slices.Delete(l.waiting, at, at+1)
	}
	l.mu.Unlock()
	if at < 0 {
		l.release()
	}
}

func (l *limiter) release() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.free++
		return
	}
	close(l.waiting[0].turn)
	l.waiting = l.waiting[1:]
}
