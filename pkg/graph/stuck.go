package graph

import "time"

// Stuck is implemented by kinds of which a look can tell that waiting does not help: what keeps the resource from being
// ready needs a person, and a new resource in its place would meet the same.
type Stuck[O Observed] interface {
	// Stuck is why o does not get ready, with what a person can do; nil while it still may. It judges from observed values
	// alone, and is asked only during a wait, so that o has what the looks of the wait found.
	Stuck(o O) error
}

// Unhurried is implemented by kinds and resources for which the time to wait depends on what is waited for.
type Unhurried[O Observed] interface {
	// Limit is how long to wait for o in place of [Pace.Limit]; zero: as the pace says.
	Limit(o O) time.Duration
}

func (e kindOf[O]) stuck(o Observed) error {
	if s, ok := e.k.(Stuck[O]); ok {
		return s.Stuck(o.(O))
	}
	return nil
}

// paceFor is the kind's pace with the limit for one resource.
func (e kindOf[O]) paceFor(o Observed) Pace {
	pace := e.k.Pace()
	if u, ok := e.k.(Unhurried[O]); ok {
		if limit := u.Limit(o.(O)); limit > 0 {
			pace.Limit = limit
		}
	}
	return pace
}
