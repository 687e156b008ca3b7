package graph

import (
	"context"
	"slices"
	"sync"
)

// Guarded is implemented by kinds of which a look tells, before anything is deleted, what would make the cloud refuse
// the deletion half-way through a removal.
type Guarded[O Observed] interface {
	// Obstacles lists what keeps o from being deleted and does not go along with it: its deletion protection, and the
	// resources of others. The resources in s.Going, and all that belongs to them, are no obstacles.
	Obstacles(ctx context.Context, s *Look, o O) ([]Blocker, error)
}

// Protection is the kind of a [Blocker] that is a switch of the resource itself: the cloud deletes the resource only after
// the switch was turned off.
const Protection = "deletion protection"

// Obstacle is what keeps one resource from being deleted, or why that is not known.
type Obstacle struct {
	Key Key
	ID  string
	By  []Blocker
	Err error
}

// Obstacles looks, in one look, for what would stop the removal after its first deletions. The resources with the
// further IDs go with it: those that the cloud deletes along with the removal's own.
func (e *Engine) Obstacles(ctx context.Context, removal *Removal, further ...string) []Obstacle {
	s := &Look{Owner: e.Owner, Going: further}
	for _, step := range removal.Steps {
		s.Going = append(s.Going, step.ID)
	}
	found := make([]Obstacle, len(removal.things))
	var group sync.WaitGroup
	for i, thing := range removal.things {
		if phase, _ := thing.kind.phase(thing.o); !thing.kind.guarded() || phase == Leaving || phase == Gone {
			continue
		}
		found[i] = Obstacle{Key: thing.key, ID: thing.o.Ident().ID}
		group.Go(func() { found[i].By, found[i].Err = thing.kind.obstacles(ctx, s, thing.o) })
	}
	group.Wait()
	return slices.DeleteFunc(found, func(o Obstacle) bool { return len(o.By) == 0 && o.Err == nil })
}

func (e kindOf[O]) guarded() bool {
	_, ok := e.k.(Guarded[O])
	return ok
}

func (e kindOf[O]) obstacles(ctx context.Context, s *Look, o Observed) ([]Blocker, error) {
	return e.k.(Guarded[O]).Obstacles(ctx, s, o.(O))
}
