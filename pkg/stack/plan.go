package stack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"provision/pkg/effect"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// Plan is what a run would do, in the part that a stack has once and in each region.
type Plan struct {
	Global  *Part
	Regions []*Part // in the order of [Stack.Regions]
	Dropped Dropped // what no plan is about

	role *gate // opens when what a stack has once is there
}

// Part is one region's plan, or why there is none.
type Part struct {
	Region string
	Plan   *graph.Plan
	Facts  state.Facts
	Note   string // what a reader of the plan would not expect, or empty
	Err    error

	Effects []effect.Effect   // what it does beyond its calls
	Unfit   error             // why the region can't have what the plan changes
	Launch  *LaunchDifference // nil: the script and the tags of the instances stay as they are

	look targetLook // at the health of the targets, in parallel with the lists
}

// Plan reads all regions in parallel and compares. A region that can't be read is a part with an error; the
// others are planned.
func (s *Stack) Plan(ctx context.Context) *Plan {
	plan := &Plan{Regions: make([]*Part, len(s.Regions)), Dropped: s.dropped(), role: newGate()}
	var group errgroup.Group
	group.Go(func() error { plan.Global = s.planGlobal(ctx); return nil })
	for i, region := range s.Regions {
		group.Go(func() error { plan.Regions[i] = s.planRegion(ctx, region, plan.role); return nil })
	}
	_ = group.Wait() // each part carries its own error
	return plan
}

func (s *Stack) planGlobal(ctx context.Context) *Part {
	part := &Part{Region: state.Global, Facts: s.Record.Document().Regions[state.Global].Facts}
	if part.Err = s.Config.UnclearAnywhere(); part.Err != nil {
		return part
	}
	g := s.globalGraph()
	s.addRoles(g, part.Facts)
	part.Plan, part.Err = s.engine(state.Global).Plan(ctx, g)
	return part
}

func (s *Stack) planRegion(ctx context.Context, region string, role *gate) *Part {
	part := &Part{Region: region}
	g := s.regionGraph(region)
	g.Gate(instanceProfile, role.wait)
	g.Gate(flowLogRole, role.wait)
	g.Fill(func(ctx context.Context) (err error) {
		part.Facts, part.Note, err = s.fill(ctx, g)
		return err
	})
	var looks errgroup.Group
	looks.Go(func() error { part.look = s.lookAtTargets(ctx, region); return nil })
	part.Plan, part.Err = s.engine(region).Plan(ctx, g)
	_ = looks.Wait() // it carries its own error
	if part.Err != nil {
		return part
	}
	settings, err := s.Config.Region(region)
	if err != nil {
		part.Err = err
		return part
	}
	part.Effects = effect.Of(part.Plan, settings)
	part.Launch = s.launchDifference(ctx, part)
	part.Unfit, part.Err = s.unfit(ctx, part, settings)
	return part
}

// Parts are all of them: what a stack has once, if the plan is about that, then the regions.
func (p *Plan) Parts() []*Part {
	if p.Global == nil {
		return p.Regions
	}
	return append([]*Part{p.Global}, p.Regions...)
}

func (p *Part) changed() bool { return p.Plan != nil && len(p.Plan.Changed()) > 0 }

// Changed reports whether the plan creates, changes or removes anything.
func (p *Plan) Changed() bool {
	for _, part := range p.Parts() {
		if part.changed() {
			return true
		}
	}
	return false
}

// Count is how many steps of all parts have the action.
func (p *Plan) Count(a graph.Action) int {
	n := 0
	for _, part := range p.Parts() {
		if part.Plan != nil {
			n += part.Plan.Count(a)
		}
	}
	return n
}

// Destroys is how much the plan takes away, as guard.max_destroy counts: each resource that is deleted or replaced, and
// each instance that is replaced or ends.
func (p *Plan) Destroys() int {
	n := p.Count(graph.Delete) + p.Count(graph.Replace)
	for _, part := range p.Parts() {
		n += effect.Replacements(part.Effects)
	}
	return n
}

// Err joins what kept parts from being planned.
func (p *Plan) Err() error {
	var all []error
	for _, part := range p.Parts() {
		all = append(all, part.Err)
	}
	return errors.Join(all...)
}

// Refusal is the reason why the run must not write at all: the settings can't be had in one of its regions, a change can't
// be made in place, or another owner has a stack of this name where this one has no resources yet.
func (s *Stack) Refusal(p *Plan) error {
	var all []error
	for _, part := range p.Parts() {
		all = append(all, misfit(part), part.Unfit)
		if part.Plan == nil {
			continue
		}
		if refused := part.Plan.Refused(); len(refused) > 0 {
			all = append(all, &graph.RefusedError{Region: part.Region, Steps: refused})
		}
		all = append(all, s.foreignIn(part.Region, part.Plan.Foreign))
	}
	return errors.Join(all...)
}

// foreignIn is the error that things of this stack's name belong to another owner, in a region that the state does not
// know; nil where there are none, or the state knows the region.
func (s *Stack) foreignIn(region string, things []graph.Identity) error {
	if len(things) == 0 || s.knows(region) {
		return nil
	}
	return &ForeignError{Region: region, Stack: s.Config.Name, Things: things}
}

// Unknown is a stack of this name that the state does not know, in any of the plan's regions: nil where there is none.
func (s *Stack) Unknown(p *Plan) error {
	var all []error
	for _, part := range p.Regions {
		if part.Plan != nil {
			all = append(all, s.foreignIn(part.Region, part.Plan.Foreign))
		}
	}
	return errors.Join(all...)
}

// ForeignError says that a stack of this name is there which the state knows nothing of.
type ForeignError struct {
	Region, Stack string
	Things        []graph.Identity
}

func (e *ForeignError) Error() string {
	const shown = 3
	var ids []string
	for i, thing := range e.Things {
		if i == shown {
			ids = append(ids, fmt.Sprintf("and %d more", len(e.Things)-shown))
			break
		}
		ids = append(ids, thing.ID)
	}
	return fmt.Sprintf("%s: a stack %q that this state does not know is there already, with owner %s: %s",
		e.Region, e.Stack, e.Things[0].Owner(), strings.Join(ids, ", "))
}
