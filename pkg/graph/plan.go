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
	Wait    Action = "wait"    // as desired, but not ready yet
	Delete  Action = "delete"  // no longer desired
)

// Step is a resource, its observed state, and the action to take.
type Step struct {
	Key      Key      `json:"key"`
	Action   Action   `json:"action"`
	ID       string   `json:"id,omitempty"`
	Phase    Phase    `json:"-"`
	Why      string   `json:"why,omitempty"` // why it is not ready
	Changes  []Change `json:"changes,omitempty"`
	Observed Observed `json:"-"`

	// Reported are differences that the engine leaves as they are, see [Reporting].
	Reported []Change `json:"reported,omitempty"`

	// CreateFirst is set where a replacement creates the new one, and turns over to it what depends on the resource,
	// before it deletes the old one.
	CreateFirst bool `json:"createFirst,omitempty"`
}

// Plan is the difference between one region's desired and observed resources.
type Plan struct {
	Region  string
	Steps   []Step     // the graph's resources in its order, then the removals
	Foreign []Identity // what carries the stack's name but another owner's tag; never touched
	Spare   []Identity // further resources that carry a desired resource's tags; reported, never touched

	graph *Graph
	lost  []lost // entries of the journal whose resources no longer exist
	back  []lost // the replacements of generations that are restored
}

// Plan observes the region and compares.
func (e *Engine) Plan(ctx context.Context, g *Graph) (*Plan, error) {
	seen, err := e.lookAndFill(ctx, g)
	if err != nil {
		return nil, err
	}
	plan, err := e.compare(g, seen)
	if err != nil || plan.Count(Replace) == 0 || len(e.missing(g, seen, true, 0)) == 0 {
		return plan, err
	}
	// A resource that an open claim created unseen may hold one that the plan deletes; it is replaced as well.
	if seen, err = e.look(ctx, g, true, true); err != nil {
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
		seen, err = e.look(groupCtx, g, false, true)
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
	for i, w := range g.wishes { // every resource that was found is bound by now
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

// choose picks the observed resource of a desired one: the latest generation, unless an earlier one still exists and
// has every field that only a replacement could change.
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

// named identifies a resource by kind and ID: where IDs are names, resources of two kinds can have the same one.
type named struct{ kind, id string }

// lives reports whether a resource stays: resources that refer to one that does not must change.
func lives(k kind, o Observed) bool {
	phase, _ := k.phase(o)
	return phase != Failed && phase != Leaving
}

// judge compares a resource with its desired state. A useless one has failed, whatever phase the cloud reports.
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
	s.Reported = w.report(o)
	switch {
	case s.Phase == Failed || s.Phase == Leaving:
		s.Action = Replace
	case len(s.Changes) > 0:
		s.Action = Update
		if why := replacement(s.Changes); why != "" {
			s.Action, s.Why, s.CreateFirst = Replace, why, !w.deletedFirst() && distinct(s.Changes)
		}
	case s.Phase == Pending:
		s.Action = Wait
	}
	return s
}

// replacement is the reason to replace the resource, or empty. If one of the changes forbids a replacement, there is
// none.
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

// distinct reports whether the two generations of a replacement differ in a way that lets them exist at the same time.
func distinct(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.Replace != "" && !c.Alone })
}

// goesFirst reports whether the step deletes the existing resource before it creates another.
func (s Step) goesFirst() bool { return s.Action == Replace && !s.CreateFirst }

// standsOnWhatGoesFirst reports whether the creation of the resource needs one that is deleted before it is created
// again: its own old generation must be deleted before that, and its new one must wait for it.
func (p *Plan) standsOnWhatGoesFirst(w wish) bool {
	return slices.ContainsFunc(w.needs(), func(need Need) bool {
		return !need.Update && p.step(need.Key).goesFirst()
	})
}

// step is the step of a desired resource, or one that does nothing.
func (p *Plan) step(key Key) Step {
	for _, s := range p.Steps {
		if s.Key == key && s.Action != Delete {
			return s
		}
	}
	return Step{}
}

// compareRest sorts the resources that match no desired one: the owner's own that are no longer desired, the owner's
// duplicates, and those of other owners.
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
			case k.fades(o) && !e.Owner.Owns(i): // what an earlier stack of this name failed at: the cloud removes it
			case i.Stack() == e.Owner.Stack && !e.Owner.Owns(i):
				plan.Foreign = append(plan.Foreign, i)
			case replaced:
				plan.Steps = append(plan.Steps, Step{
					Key: key, Action: Delete, ID: i.ID, Observed: o, Phase: phase, Why: "it was replaced",
				})
			case !e.Owner.Owns(i) && !entries[i.Key()].Knows(i.ID):
				plan.reportPart(k, o)
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

// reportPart notes what others created as a part of one of the plan's resources.
func (p *Plan) reportPart(k kind, o Observed) {
	id, as := k.within(o)
	for i, s := range p.Steps {
		if id != "" && s.ID == id && s.Action != Delete {
			p.Steps[i].Reported = append(p.Steps[i].Reported, as)
		}
	}
}

// Reported are the steps of resources with differences that the engine leaves as they are.
func (p *Plan) Reported() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return len(s.Reported) == 0 })
}

// loseUnwanted finds the journal's entries for resources that are no longer desired and no longer exist: a run died
// after it deleted them and before it recorded that. It drops a claim once its resource would have been listed.
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

// lost is an entry for a resource that no longer exists or, with no ID, a claim.
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

// Ref is the reference of a desired resource of the plan's graph.
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

// Refused are the steps with changes that the cloud can't make in place. A plan with such a step must not be applied.
func (p *Plan) Refused() []Step {
	var refused []Step
	for _, s := range p.Steps {
		if i := slices.IndexFunc(s.Changes, func(c Change) bool { return c.Fixed != "" }); i >= 0 && s.Action == Update {
			refused = append(refused, s)
		}
	}
	return refused
}
