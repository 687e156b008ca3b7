package graph

import (
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

	// CreateFirst is set where a replacement creates the new one, and turns over to it what depends on the resource,
	// before it deletes the old one.
	CreateFirst bool `json:"createFirst,omitempty"`
}

// Plan is one region's difference between what is wanted and what is there.
type Plan struct {
	Region  string
	Steps   []Step     // the graph's resources in its order, then what is to be removed
	Foreign []Identity // what carries the stack's name but another owner's tag; never touched
	Spare   []Identity // further things that carry a wanted resource's tags; reported, never touched

	graph *Graph
	lost  []lost // what the journal knows and what is gone
	back  []lost // what was to replace a generation that is taken back
}

// Plan looks at the region and compares.
func (e *Engine) Plan(ctx context.Context, g *Graph) (*Plan, error) {
	seen, err := e.lookAndFill(ctx, g)
	if err != nil {
		return nil, err
	}
	plan, err := e.compare(g, seen)
	if err != nil || plan.Count(Replace) == 0 || len(e.missing(g, seen, true, 0)) == 0 {
		return plan, err
	}
	// What a claim made unseen may hold what is to be deleted, and is replaced along with it.
	if seen, err = e.look(ctx, g, true); err != nil {
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
		o, err := e.choose(plan, w, entries[w.Key()], seen[w.kindName()])
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
			s.CreateFirst = s.CreateFirst && !plan.standsOnWhatGoesFirst(w)
		}
		plan.Steps = append(plan.Steps, s)
	}
	e.compareRest(plan, seen, picked, entries)
	e.loseUnwanted(plan, seen, entries)
	return plan, nil
}

// choose picks the thing of a wanted resource: the latest generation, unless an earlier one that is still there is as
// wanted in what only a replacement could change.
func (e *Engine) choose(plan *Plan, w wish, entry Entry, seen []Observed) (Observed, error) {
	latest, err := pick(e.Owner, w.Key(), entry, w, seen)
	if err != nil || len(entry.Former) == 0 {
		return latest, err
	}
	former, err := formerOf(e.Owner, w.Key(), entry, w, seen)
	switch {
	case former == nil || err != nil:
		return latest, err
	case latest == nil:
		if entry.ID != "" {
			plan.lost = append(plan.lost, lost{w.Key(), entry.ID})
		}
		return former, nil
	case replacement(w.diff(latest)) != "" && replacement(w.diff(former)) == "":
		plan.back = append(plan.back, lost{w.Key(), latest.Ident().ID})
		return former, nil
	}
	return latest, nil
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
	if i := slices.IndexFunc(changes, func(c Change) bool { return c.Useless != "" }); i >= 0 {
		return changes, Failed, changes[i].Useless
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
		if why := replacement(s.Changes); why != "" {
			s.Action, s.Why, s.CreateFirst = Replace, why, !w.deletedFirst()
		}
	case s.Phase == Pending:
		s.Action = Wait
	}
	return s
}

// replacement is why the changes are made by a replacement, or empty. What must not be replaced stays.
func replacement(changes []Change) (why string) {
	for _, c := range changes {
		if c.Fixed != "" {
			return ""
		}
		if why == "" {
			why = c.Replace
		}
	}
	return why
}

// goesFirst says whether the step deletes what is there before it creates another.
func (s Step) goesFirst() bool { return s.Action == Replace && !s.CreateFirst }

// standsOnWhatGoesFirst says whether the resource needs one for its creation that is deleted before it is created again:
// its own old one has to go before that, and its new one has to wait for it.
func (p *Plan) standsOnWhatGoesFirst(w wish) bool {
	return slices.ContainsFunc(w.needs(), func(need Need) bool {
		return !need.Update && p.step(need.Key).goesFirst()
	})
}

// step is that of a wanted resource, or one that does nothing.
func (p *Plan) step(key Key) Step {
	for _, s := range p.Steps {
		if s.Key == key && s.Action != Delete {
			return s
		}
	}
	return Step{}
}

// compareRest sorts what no wish picked: ours and unwanted, ours and one too many, or somebody else's.
func (e *Engine) compareRest(plan *Plan, seen sighting, picked map[named]bool, entries map[Key]Entry) {
	former := formers(entries)
	for _, l := range plan.back {
		former[named{l.key.Kind(), l.id}] = l.key
	}
	for _, k := range plan.graph.kinds {
		for _, o := range seen[k.kindName()] {
			i := o.Ident()
			phase, why := k.phase(o)
			_, wanted := plan.graph.byKey[i.Key()]
			key, replaced := former[named{k.kindName(), i.ID}]
			delete(former, named{k.kindName(), i.ID})
			switch {
			case picked[named{k.kindName(), i.ID}]:
			case i.Stack() == e.Owner.Stack && !e.Owner.Owns(i):
				plan.Foreign = append(plan.Foreign, i)
			case replaced:
				plan.Steps = append(plan.Steps, Step{
					Key: key, Action: Delete, ID: i.ID, Observed: o, Phase: phase, Why: "it was replaced",
				})
			case !e.Owner.Owns(i) && !entries[i.Key()].Knows(i.ID):
			case phase == Leaving || k.fades(o) && !entries[i.Key()].Knows(i.ID):
			case wanted && phase != Failed:
				plan.Spare = append(plan.Spare, i)
			default:
				plan.Steps = append(plan.Steps, Step{
					Key: i.Key(), Action: Delete, ID: i.ID, Observed: o, Phase: phase, Why: why,
				})
			}
		}
	}
	for thing, key := range former {
		if k := plan.graph.kind(thing.kind); k != nil {
			plan.lost = append(plan.lost, lost{key, thing.id})
		}
	}
}

// loseUnwanted finds what the journal knows, what is no longer wanted, and what is not there: a run died between its
// deletion and the record of it. A claim is given up when what it made would have been listed by now.
func (e *Engine) loseUnwanted(plan *Plan, seen sighting, entries map[Key]Entry) {
	for key, entry := range entries {
		wanted, known := plan.graph.byKey[key] != nil, plan.graph.kind(key.Kind()) != nil
		fresh := entry.open() && e.clock().Now().Sub(entry.Since) < settleTime
		forgettable := entry.ID != "" || entry.open() && len(entry.Former) == 0
		if !wanted && known && !fresh && forgettable && !seen.has(e.Owner, entry) {
			plan.lost = append(plan.lost, lost{key, entry.ID})
		}
	}
}

// lost is a thing of a resource, or with no ID a claim.
type lost struct {
	key Key
	id  string
}

// formers are the earlier generations that the journal knows.
func formers(entries map[Key]Entry) map[named]Key {
	all := map[named]Key{}
	for key, entry := range entries {
		for _, id := range entry.Former {
			all[named{key.Kind(), id}] = key
		}
	}
	return all
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
