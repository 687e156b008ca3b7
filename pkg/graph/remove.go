package graph

import (
	"context"
	"errors"
	"maps"
)

// doomed is one resource to delete.
type doomed struct {
	kind kind
	key  Key
	o    Observed
}

// Removal has an owner's resources in a region, in no order. PlanRemoval builds it from the observed resources, not
// from the settings.
type Removal struct {
	Region  string
	Steps   []Step
	Foreign []Identity // carries the stack's name and another owner's tag; never deleted

	things []doomed
	graph  *Graph
}

// PlanRemoval finds everything that is the owner's: by its tags, and by what the journal knows.
func (e *Engine) PlanRemoval(ctx context.Context, g *Graph) (*Removal, error) {
	seen, err := e.look(ctx, g, true, false)
	if err != nil {
		return nil, err
	}
	removal := &Removal{Region: g.Region, graph: g}
	keys := map[named]Key{}
	for _, entry := range e.Journal.Entries() {
		keys[named{entry.Key.Kind(), entry.ID}] = entry.Key
	}
	maps.Copy(keys, formers(e.entries()))
	for _, k := range g.kinds {
		for _, o := range seen[k.kindName()] {
			i := o.Ident()
			key, known := keys[named{k.kindName(), i.ID}]
			switch {
			case known:
			case k.fades(o): // what an earlier run replaced
				continue
			case e.Owner.Owns(i):
				key = i.Key()
			case i.Stack() == e.Owner.Stack:
				removal.Foreign = append(removal.Foreign, i)
				continue
			default:
				continue
			}
			phase, why := k.phase(o)
			removal.things = append(removal.things, doomed{k, key, o})
			removal.Steps = append(removal.Steps, Step{Key: key, Action: Delete, ID: i.ID, Observed: o, Phase: phase, Why: why})
		}
	}
	return removal, nil
}

// Only limits the removal to the steps for which wanted returns true.
func (r *Removal) Only(wanted func(Step) bool) {
	var things []doomed
	var steps []Step
	for i, step := range r.Steps {
		if wanted(step) {
			things, steps = append(things, r.things[i]), append(steps, step)
		}
	}
	r.things, r.Steps = things, steps
}

// Remove deletes the resources that the plan lists, in parallel as far as the order of kinds allows, and waits until
// they no longer exist. A resource that can't be deleted blocks only those that must be deleted after it.
func (e *Engine) Remove(ctx context.Context, removal *Removal) error {
	r := e.newRun(removal.graph)
	r.slacks = leaveSlacks(removal.things)
	err := r.removeAll(ctx, removal.things)
	if err == nil {
		err = r.forgetRest()
	}
	return errors.Join(err, e.Journal.Flush(context.WithoutCancel(ctx)))
}

// forgetRest drops the journal's remaining claims: PlanRemoval searched for their resources long enough, and they do
// not exist.
func (r *run) forgetRest() error {
	for _, entry := range r.Journal.Entries() {
		if err := r.Journal.Forget(entry.Key, ""); err != nil {
			return err
		}
	}
	return nil
}
