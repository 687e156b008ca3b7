package witness

import (
	"slices"
	"strconv"

	"provision/pkg/effect"
)

// Promise is what a plan's effects announce of a region, the worst that users may notice while it is applied.
type Promise struct {
	Fewer      int      // healthy targets that may be missing
	Outage     bool     // requests may be without an answer, at any port
	Closed     []string // ports at which requests are no longer answered
	EgressLost bool     // instances may lose their way out
	Unrecorded bool     // traffic may go unrecorded
}

// Announced is what the effects promise.
func Announced(effects []effect.Effect) Promise {
	var p Promise
	for _, e := range effects {
		p.Fewer += e.Fewer
		switch e.Kind {
		case effect.Outage, effect.NameLost:
			p.Outage = true
		case effect.PortClosed:
			p.Closed = append(p.Closed, e.From)
		case effect.EgressLost:
			p.EgressLost = true
		case effect.RecordsLost:
			p.Unrecorded = true
		case effect.Addresses, effect.Redundancy, effect.Capacity, effect.Replaced, effect.Redirect, effect.Opened:
		}
	}
	return p
}

func (p Promise) closes(port int) bool {
	return p.Outage || slices.Contains(p.Closed, strconv.Itoa(port))
}
