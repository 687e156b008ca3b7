package cloud

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// quota is a bucket's size in calls, and how many calls a second it is refilled with.
type quota struct{ size, refill float64 }

// bucket lets calls through at the rate that AWS documents, until AWS throttles: others use the account, too. Then it
// takes half of what it took, and with each answer a little more again.
type limiter struct {
	full   rate.Limit
	tokens *rate.Limiter
	mu     sync.Mutex // of changes of the limiter's rate
}

const (
	lessAfterThrottle = 0.5  // of the refill
	moreAfterAnswer   = 0.05 // of the full refill
	leastRefill       = 0.05 // of the full refill
)

func newLimiter(full quota) *limiter {
	return &limiter{full: rate.Limit(full.refill), tokens: rate.NewLimiter(rate.Limit(full.refill), int(full.size))}
}

// take returns when the call may be made. [rate.Limiter.Wait] would refuse at once what the context's deadline leaves no
// time for, with an error of its own.
func (b *limiter) take(ctx context.Context) error {
	token := b.tokens.Reserve()
	wait := token.Delay()
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait + time.Millisecond) // rather late than early
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		token.Cancel()
		return context.Cause(ctx)
	}
}

// learn adapts the bucket to an answer. A throttle says that AWS's own bucket is empty.
func (b *limiter) learn(throttled bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.tokens.Limit()
	if !throttled {
		if now < b.full {
			b.tokens.SetLimit(min(now+b.full*moreAfterAnswer, b.full))
		}
		return
	}
	b.tokens.SetLimit(max(now*lessAfterThrottle, b.full*leastRefill))
	if left := int(b.tokens.Tokens()); left > 0 {
		b.tokens.AllowN(time.Now(), left)
	}
}
