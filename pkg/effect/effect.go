package effect

import (
	"fmt"
	"strings"
	"time"

	"provision/pkg/config"
	"provision/pkg/graph"
)

// Kind is an effect's stable name, as JSON has it.
type Kind string

// The kinds, the ones to look at first first.
const (
	Outage      Kind = "outage"            // no requests are served for a while
	NameLost    Kind = "name-changed"      // the load balancer answers under another name
	PortClosed  Kind = "port-closed"       // requests to a port are no longer answered
	EgressLost  Kind = "egress-lost"       // instances can't reach the internet any more
	Addresses   Kind = "addresses-changed" // requests from the instances come from other addresses
	Redundancy  Kind = "redundancy-lost"   // fewer zones or NAT gateways
	Capacity    Kind = "capacity-reduced"  // instances end
	Replaced    Kind = "instances-replaced"
	RecordsLost Kind = "records-lost" // flow logs are deleted, or have a gap
	Redirect    Kind = "redirect"     // plain HTTP is sent to HTTPS
	Opened      Kind = "port-opened"  // a port answers, or answers more people, than before
)

// Effect is one consequence of a plan for a region that is there already.
type Effect struct {
	Kind Kind
	Text string // a sentence without its full stop, the same for all regions in which the same happens
	From string // what it was, where that is a list or a number; empty: see Text
	To   string // what it becomes

	Instances int           // that are replaced or end; 0 for other kinds
	Of        int           // instances that are there
	Fewer     int           // healthy targets that may be missing at the worst moment, and after it if the group shrinks
	Takes     time.Duration // how long it takes as a rule; 0: no time worth telling
}

// Replacements is how many instances the effects replace or end.
func Replacements(all []Effect) int {
	n := 0
	for _, e := range all {
		n += e.Instances
	}
	return n
}

// Of are the effects of one region's plan, the ones to look at first first. A region that is about to be created has
// none: no client uses it yet.
func Of(plan *graph.Plan, settings config.Settings) []Effect {
	if plan == nil {
		return nil
	}
	r := region{plan: plan, settings: settings, step: map[graph.Key]graph.Step{}}
	for _, step := range plan.Steps {
		r.step[step.Key] = step
	}
	if r.step["vpc"].ID == "" {
		return nil
	}
	var all []Effect
	for _, part := range [][]Effect{r.front(), r.egress(), r.redundancy(), r.instances(), r.records(), r.doors()} {
		all = append(all, part...)
	}
	return all
}

// region is what the files of this package look at.
type region struct {
	plan     *graph.Plan
	settings config.Settings
	step     map[graph.Key]graph.Step
}

// of are the steps of a kind, in the plan's order.
func (r region) of(kind string) []graph.Step {
	var steps []graph.Step
	for _, step := range r.plan.Steps {
		if step.Key.Kind() == kind {
			steps = append(steps, step)
		}
	}
	return steps
}

// there says whether a step's resource exists and is of use before the plan is applied.
func there(s graph.Step) bool {
	return s.ID != "" && s.Phase != graph.Failed && s.Phase != graph.Leaving && s.Phase != graph.Gone
}

// stays says whether a step's resource exists when the plan has been applied.
func stays(s graph.Step) bool { return s.Action != graph.Delete }

// change is the step's change of a field.
func change(s graph.Step, field string) (graph.Change, bool) {
	if s.Action != graph.Update {
		return graph.Change{}, false
	}
	for _, c := range s.Changes {
		if c.Field == field {
			return c, true
		}
	}
	return graph.Change{}, false
}

// listed is how many elements a list of IDs has.
func listed(ids string) int {
	if ids == "" {
		return 0
	}
	return strings.Count(ids, ",") + 1
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// plurals is [plural] of a word that ends in an s.
func plurals(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ses", n, thing)
}
