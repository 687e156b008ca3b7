package sandbox

import (
	"context"
	"sync"
	"time"

	"provision/pkg/clock"
)

// ScaledClock runs faster than real time. It starts at the real time, or where the sandbox that it is given to was
// left, if that is later: its time never goes backwards.
type ScaledClock struct {
	speed float64

	mu      sync.Mutex
	real    time.Time // when the clock read virtual
	virtual time.Time
}

// NewScaledClock returns a clock on which a real second lasts speed seconds; speed is at least 1.
func NewScaledClock(speed float64) *ScaledClock {
	now := time.Now()
	return &ScaledClock{speed: max(1, speed), real: now, virtual: now.Round(0)}
}

// Now implements [clock.Clock].
func (c *ScaledClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *ScaledClock) now() time.Time {
	return c.virtual.Add(time.Duration(float64(time.Since(c.real)) * c.speed))
}

// Sleep implements [clock.Clock]; d is in the clock's own time.
func (c *ScaledClock) Sleep(ctx context.Context, d time.Duration) error {
	return clock.Sleep(ctx, time.Duration(float64(d)/c.speed))
}

// advanceTo sets the clock forward. A time that has passed already changes nothing.
func (c *ScaledClock) advanceTo(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now()) {
		c.real, c.virtual = time.Now(), t
	}
}
