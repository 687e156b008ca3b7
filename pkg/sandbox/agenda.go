package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// event is an effect that comes later. It is data, so that it outlives the process.
type event struct {
	At     time.Time
	Effect string // as registered
	ID     string // what it happens to
}

// agenda is what is to come in a region, the earliest first, in the order of planning among those of one instant.
type agenda []event

// after plans a registered effect on a thing. If the thing is gone by then, the effect must do nothing.
func (r *region) after(d time.Duration, effect, id string) {
	if r.account.sandbox.registry.effects[effect] == nil {
		panic("sandbox: no effect " + effect)
	}
	next := event{At: r.now.Add(d), Effect: effect, ID: id}
	at, _ := slices.BinarySearchFunc(r.agenda, next, func(planned, next event) int {
		return cmp.Or(planned.At.Compare(next.At), -1)
	})
	r.agenda = slices.Insert(r.agenda, at, next)
	r.touch()
}

// settle runs all effects that are due, each at its own time, and sets the region's time to now.
func (r *region) settle(now time.Time) {
	for len(r.agenda) > 0 && !r.agenda[0].At.After(now) {
		due := r.agenda[0]
		r.agenda = r.agenda[1:]
		r.now = due.At
		r.touch()
		r.account.sandbox.registry.effects[due.Effect](r, due.ID)
		r.watch()
	}
	r.now = now
}
