package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Action is what a plan does about one resource.
type Action string

// The actions.
const (
	Keep    Action = "keep"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace" // it failed, or differs in what only a new one can have
	Wait    Action = "wait"    // as wanted, but not ready yet
	Delete  Action = "delete"  // no longer wanted
)

// Step is a resource, what was found of it, and what is to be done.
type Step struct {
	Key      Key      `json:"key"`
	Action   Action   `json:"action"`
	ID       string   `json:"id,omitempty"`
	Phase    Phase    `json:"-"`
	Why      string   `json:"why,omitempty"` // why it is not ready
	Changes  []Change `json:"changes,omitempty"`
	Observed Observed `json:"-"`
}

// Plan is one region's difference between what is wanted and what is there.
type Plan struct {
	Region  string
	Steps   []Step     // the graph's resources in its order, then what is to be removed
	Foreign []Identity // what carries the stack's name but another owner's tag; never touched
	Spare   []Identity // further things that carry a wanted resource's tags; reported, never touched

	graph *Graph
}

// Plan looks at the region and compares.
func (e *Engine) Plan(ctx context.Context, g *Graph) (*Plan, error) {
	seen, err := e.lookAndFill(ctx, g)
	if err != nil {
		return nil, err
	}
	return e.compare(g, seen)
}

func (e *Engine) lookAndFill(ctx context.Context, g *Graph) (seen sighting, err error) {
	group, groupCtx := errgroup.WithContext(ctx)
	if g.fill != nil {
		group.Go(func() error { return g.fill(groupCtx) })
	}
	group.Go(func() (err error) {
		seen, err = e.look(groupCtx, g, false)
		return err
	})
	err = group.Wait()
	g.fill = nil
	return seen, err
}

func (e *Engine) compare(g *Graph, seen sighting) (*Plan, error) {
	plan := &Plan{Region: g.Region, graph: g}
	entries := e.entries()
	picked := map[named]bool{}
	found := make([]Observed, len(g.wishes))
	for i, w := range g.wishes {
		o, err := pick(e.Owner, w.Key(), entries[w.Key()], w, seen[w.kindName()])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", g.Region, err)
		}
		if o == nil || !lives(w, o) {
			g.ids.unbind(w.Key())
		} else {
			g.ids.bind(w.Key(), o)
		}
		if o != nil {
			found[i] = o
			picked[named{w.kindName(), o.Ident().ID}] = true
		}
	}
	for i, w := range g.wishes { // everything that was found is bound by now
		s := step(w, found[i])
		if s.Action == Replace {
			g.ids.unbind(w.Key())
		}
		plan.Steps = append(plan.Steps, s)
	}
	e.compareRest(plan, seen, picked, entries)
	return plan, nil
}

// named is a thing of any kind: where IDs are names, things of two kinds may have the same.
type named struct{ kind, id string }

// lives says whether a thing is to stay: what refers to one that does not has to change.
func lives(k kind, o Observed) bool {
	phase, _ := k.phase(o)
	return phase != Failed && phase != Leaving
}

// judge compares a thing with the wish for it. What is of no use has failed, whatever the cloud says of it.
func judge(w wish, o Observed) (changes []Change, phase Phase, why string) {
	changes = w.diff(o)
	if phase, why = w.phase(o); phase == Leaving {
		return changes, phase, why
	}
	if i := slices.IndexFunc(changes, func(c Change) bool { return c.Useless != "" || c.Replace != "" }); i >= 0 {
		return changes, Failed, cmp.Or(changes[i].Useless, changes[i].Replace)
	}
	return changes, phase, why
}

// step compares one resource.
func step(w wish, o Observed) Step {
	if o == nil {
		return Step{Key: w.Key(), Action: Create, Phase: Gone}
	}
	s := Step{Key: w.Key(), Action: Keep, ID: o.Ident().ID, Observed: o}
	s.Changes, s.Phase, s.Why = judge(w, o)
	switch {
	case s.Phase == Failed || s.Phase == Leaving:
		s.Action = Replace
	case len(s.Changes) > 0:
		s.Action = Update
	case s.Phase == Pending:
		s.Action = Wait
	}
	return s
}

// compareRest sorts what no wish picked: ours and unwanted, ours and one too many, or somebody else's.
func (e *Engine) compareRest(plan *Plan, seen sighting, picked map[named]bool, entries map[Key]Entry) {
	for _, k := range plan.graph.kinds {
		for _, o := range seen[k.kindName()] {
			i := o.Ident()
			phase, why := k.phase(o)
			_, wanted := plan.graph.byKey[i.Key()]
			switch {
			case picked[named{k.kindName(), i.ID}]:
			case i.Stack() == e.Owner.Stack && !e.Owner.Owns(i):
				plan.Foreign = append(plan.Foreign, i)
			case !e.Owner.Owns(i) && entries[i.Key()].ID != i.ID:
			case phase == Leaving:
			case wanted && phase != Failed:
				plan.Spare = append(plan.Spare, i)
			default:
				plan.Steps = append(plan.Steps, Step{
					Key: i.Key(), Action: Delete, ID: i.ID, Observed: o, Phase: phase, Why: why,
				})
			}
		}
	}
}

func (e *Engine) entries() map[Key]Entry {
	entries := map[Key]Entry{}
	for _, entry := range e.Journal.Entries() {
		entries[entry.Key] = entry
	}
	return entries
}

// Ref is the reference of a wanted resource of the plan's graph.
func (p *Plan) Ref(key Key) Ref { return p.graph.Ref(key) }

// Changed are the steps that are not just kept or waited for.
func (p *Plan) Changed() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Action == Keep || s.Action == Wait })
}

// Count is how many steps have the action.
func (p *Plan) Count(a Action) int {
	n := 0
	for _, s := range p.Steps {
		if s.Action == a {
			n++
		}
	}
	return n
}

// Refused are the changes that the cloud can't make in place. A plan with any must not be applied.
func (p *Plan) Refused() []Step {
	var refused []Step
	for _, s := range p.Steps {
		if i := slices.IndexFunc(s.Changes, func(c Change) bool { return c.Fixed != "" }); i >= 0 && s.Action == Update {
			refused = append(refused, s)
		}
	}
	return refused
}
