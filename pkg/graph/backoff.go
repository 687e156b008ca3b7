package graph

import "time"

// backoff doubles from a first wait up to a longest.
type backoff struct{ wait, longest time.Duration }

func newBackoff(first, longest time.Duration) *backoff { return &backoff{first, longest} }

func (b *backoff) next() time.Duration {
	wait := b.wait
	b.wait = min(b.wait*2, b.longest)
	return wait
}
