package cloud

import (
	"context"
	"sync"
	"time"
)

// rate is a bucket's size in calls, and how many calls a second it is refilled with.
type rate struct{ size, refill float64 }

// bucket lets calls through at the rate that AWS documents, until AWS throttles: others use the account, too. Then it
// takes half of what it took, and with each answer a little more again.
type bucket struct {
	full rate

	mu     sync.Mutex
	refill float64   // now
	left   float64   // below zero: so many wait
	at     time.Time // of left
}

const (
	lessAfterThrottle = 0.5  // of the refill
	moreAfterAnswer   = 0.05 // of the full refill
	leastRefill       = 0.05 // of the full refill
)

func newBucket(full rate) *bucket {
	return &bucket{full: full, refill: full.refill, left: full.size, at: time.Now()}
}

// take returns when the call may be made.
func (b *bucket) take(ctx context.Context) error {
	wait := b.reserve()
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		b.giveBack()
		return context.Cause(ctx)
	}
}

// reserve takes a token, perhaps one that is not there yet, and says how long that will be.
func (b *bucket) reserve() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill()
	b.left--
	if b.left >= 0 {
		return 0
	}
	return time.Duration(-b.left/b.refill*float64(time.Second)) + time.Millisecond // rather late than early
}

func (b *bucket) giveBack() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left++
}

// learn adapts the bucket to an answer. A throttle says that AWS's own bucket is empty.
func (b *bucket) learn(throttled bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill()
	if throttled {
		b.refill = max(b.refill*lessAfterThrottle, b.full.refill*leastRefill)
		b.left = min(b.left, 0)
		return
	}
	b.refill = min(b.refill+b.full.refill*moreAfterAnswer, b.full.refill)
}

// fill adds what came since the last time.
func (b *bucket) fill() {
	now := time.Now()
	b.left = min(b.left+now.Sub(b.at).Seconds()*b.refill, b.full.size)
	b.at = now
}
