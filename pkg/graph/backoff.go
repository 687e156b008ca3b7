package graph

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Jitter draws a duration from zero up to, and not including, the given one. It keeps many runs from repeating calls in
// step. It is called from many goroutines.
type Jitter func(time.Duration) time.Duration

// SeededJitter draws the same durations for the same seed.
func SeededJitter(seed uint64) Jitter {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, seed))
	return func(d time.Duration) time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(random.Int64N(int64(d)))
	}
}

func (e *Engine) jitter(d time.Duration) time.Duration {
	switch {
	case d <= 0:
		return 0
	case e.Jitter != nil:
		return e.Jitter(d)
	}
	return rand.N(d)
}

// backoff doubles from a first wait up to a longest, give or take a quarter.
type backoff struct {
	wait, longest time.Duration
	jitter        Jitter
}

func (e *Engine) backoff(first, longest time.Duration) *backoff {
	return &backoff{first, longest, e.jitter}
}

func (b *backoff) next() time.Duration {
	wait := b.wait - b.wait/4 + b.jitter(b.wait/2)
	b.wait = min(b.wait*2, b.longest)
	return wait
}
