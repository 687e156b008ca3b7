package graph

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Reads lag behind writes. If a list lacks a resource that the journal has, the engine looks again: this often if it
// was created or claimed within settleTime, and otherwise once by its ID.
const (
	settleLooks = 8
	settleTime  = 10 * time.Minute
)

// sighting is the result of a look at the region, by kind.
type sighting map[string][]Observed

// look lists all kinds in parallel, and keeps looking for resources that the journal has and the lists lack. With all
// set it waits for every open claim; otherwise only for those whose creation can't be repeated safely.
func (e *Engine) look(ctx context.Context, g *Graph, all, thorough bool) (sighting, error) {
	s := e.newLook()
	s.Thorough = thorough
	seen, err := e.listKinds(ctx, g.kinds, s)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", g.Region, err)
	}
	wait := e.backoff(time.Second, 4*time.Second)
	for try := range settleLooks {
		missing := e.missing(g, seen, all, try)
		if len(missing) == 0 {
			return seen, nil
		}
		if try > 0 {
			if err := e.clock().Sleep(ctx, wait.next()); err != nil {
				return nil, err
			}
		}
		if err := e.lookAgain(ctx, g, seen, missing, thorough); err != nil {
			return nil, fmt.Errorf("read %s: %w", g.Region, err)
		}
	}
	return seen, nil
}

func (e *Engine) listKinds(ctx context.Context, kinds []kind, s *Look) (sighting, error) {
	found := make([][]Observed, len(kinds))
	group, ctx := errgroup.WithContext(ctx)
	for i, k := range kinds {
		group.Go(func() (err error) {
			found[i], err = k.list(ctx, s)
			if err != nil {
				return fmt.Errorf("list %s: %w", k.kindName(), err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	seen := sighting{}
	for i, k := range kinds {
		seen.add(k, found[i])
	}
	return seen, nil
}

// missing are the journal's entries that were not seen and for which this try is worth another look.
func (e *Engine) missing(g *Graph, seen sighting, all bool, try int) map[string][]Entry {
	missing := map[string][]Entry{}
	for _, entry := range e.Journal.Entries() {
		k := g.kind(entry.Key.Kind())
		if k == nil {
			continue
		}
		for _, id := range entry.Former { // old enough for any list
			if former := (Entry{Key: entry.Key, ID: id}); try == 0 && !seen.has(e.Owner, former) {
				missing[k.kindName()] = append(missing[k.kindName()], former)
			}
		}
		if (entry.ID != "" || entry.open()) && !seen.has(e.Owner, entry) && e.worthALook(k, entry, all, try) {
			missing[k.kindName()] = append(missing[k.kindName()], entry)
		}
	}
	return missing
}

// worthALook: where a claim has a former generation to go back to, it matters whether it made anything, even if it can
// be repeated.
func (e *Engine) worthALook(k kind, entry Entry, all bool, try int) bool {
	fresh := e.clock().Now().Sub(entry.Since) < settleTime
	if entry.open() {
		return fresh && (all || !k.repeatsSafely() || len(entry.Former) > 0)
	}
	return fresh || try == 0
}

// lookAgain asks for bound IDs by ID, tagged or not, and for open claims by tag.
func (e *Engine) lookAgain(
	ctx context.Context, g *Graph, seen sighting, missing map[string][]Entry, thorough bool,
) error {
	for name, entries := range missing {
		var ids []string
		open := false
		for _, entry := range entries {
			if entry.ID != "" {
				ids = append(ids, entry.ID)
			}
			open = open || entry.ID == ""
		}
		k := g.kind(name)
		if ids != nil {
			s := e.newLook()
			s.Only, s.Thorough = ids, thorough
			if err := e.merge(ctx, seen, k, s); err != nil {
				return err
			}
		}
		if open {
			s := e.newLook()
			s.Thorough = thorough
			if err := e.merge(ctx, seen, k, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Engine) merge(ctx context.Context, seen sighting, k kind, s *Look) error {
	more, err := k.list(ctx, s)
	if err != nil {
		return fmt.Errorf("list %s: %w", k.kindName(), err)
	}
	seen.add(k, more)
	return nil
}

// add takes what is not gone and not known yet.
func (s sighting) add(k kind, found []Observed) {
	for _, o := range found {
		phase, _ := k.phase(o)
		known := slices.ContainsFunc(s[k.kindName()], func(had Observed) bool { return had.Ident().ID == o.Ident().ID })
		if phase != Gone && !known {
			s[k.kindName()] = append(s[k.kindName()], o)
		}
	}
}

func (s sighting) has(owner Owner, entry Entry) bool {
	return slices.ContainsFunc(s[entry.Key.Kind()], func(o Observed) bool {
		i := o.Ident()
		if entry.ID != "" {
			return i.ID == entry.ID
		}
		return owner.Owns(i) && i.Key() == entry.Key && !slices.Contains(entry.Former, i.ID)
	})
}
