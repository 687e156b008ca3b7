// Package clock is time as a dependency: what waits takes a [Clock], so that tests and the sandbox can give it one that
// runs faster. It must not know who waits, or for what.
package clock

import (
	"context"
	"time"
)

// Clock tells the time and lets it pass.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// Real is time as it passes. Under testing/synctest it is virtual like everything else there.
type Real struct{}

// Now implements [Clock].
func (Real) Now() time.Time { return time.Now() }

// Sleep implements [Clock].
func (Real) Sleep(ctx context.Context, d time.Duration) error { return Sleep(ctx, d) }

// Sleep returns nil after d, or the cause of ctx's end if that comes first.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
