package stack

import (
	"provision/pkg/graph"
	"provision/pkg/state"
)

// Verdict is a region's status in a word or two.
type Verdict string

// The verdicts, the worst first.
const (
	Unknown       Verdict = "unknown" // it could not be read
	NotThere      Verdict = "not there"
	Differing     Verdict = "differs"
	HealthUnknown Verdict = "health unknown"
	Pending       Verdict = "pending"
	Unhealthy     Verdict = "unhealthy"
	AsWanted      Verdict = "as wanted"
)

// Verdict is the word that people look for.
func (p *StatusPart) Verdict() Verdict {
	switch {
	case p.Plan == nil:
		return Unknown
	case p.Plan.Count(graph.Create) == len(p.Plan.Steps):
		return NotThere
	case len(p.Plan.Changed()) > 0:
		return Differing
	case p.Err != nil:
		return HealthUnknown
	case p.Plan.Count(graph.Wait) > 0:
		return Pending
	case p.Region != state.Global && p.Healthy() < max(1, len(p.Instances)):
		return Unhealthy
	}
	return AsWanted
}

// Healthy is how many targets get requests.
func (p *StatusPart) Healthy() int {
	n := 0
	for _, t := range p.Targets {
		if t.Healthy() {
			n++
		}
	}
	return n
}
