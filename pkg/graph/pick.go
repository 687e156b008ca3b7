package graph

import (
	"fmt"
	"slices"
	"strings"
)

// pick finds a resource in the same way for every kind: by the ID that the journal bound, or else by owner and key
// tags. It returns nil if there is none, and an error if two match: whichever it took, the user would pay for the
// other.
func pick(owner Owner, key Key, entry Entry, k kind, seen []Observed) (Observed, error) {
	var found []Observed
	for _, o := range seen {
		i := o.Ident()
		if slices.Contains(entry.Former, i.ID) {
			continue
		}
		if entry.ID != "" && i.ID == entry.ID {
			return bound(owner, key, o)
		}
		phase, _ := k.phase(o)
		if owner.Owns(i) && i.Key() == key && phase != Leaving {
			found = append(found, o)
		}
	}
	found = preferLive(k, found)
	switch {
	case len(found) == 0:
		return nil, nil
	case len(found) == 1:
		return found[0], nil
	}
	for _, o := range found {
		if entry.Nonce != "" && o.Ident().Nonce() == entry.Nonce {
			return o, nil
		}
	}
	return nil, &DuplicateError{Key: key, IDs: identifiers(found)}
}

// formerOf is the latest generation that still exists, for a resource whose next generation does not. The engine
// restores it when the difference that led to the replacement is no longer desired.
func formerOf(owner Owner, key Key, entry Entry, k kind, seen []Observed) (Observed, error) {
	for _, id := range slices.Backward(entry.Former) {
		for _, o := range seen {
			if phase, _ := k.phase(o); o.Ident().ID == id && phase != Leaving {
				return bound(owner, key, o)
			}
		}
	}
	return nil, nil
}

// bound checks that the resource that the journal bound has no other owner. Missing tags are drift.
func bound(owner Owner, key Key, o Observed) (Observed, error) {
	i := o.Ident()
	if i.Owner() != "" && i.Owner() != owner.ID {
		return nil, fmt.Errorf(
			"%s is %s in the state, but its %s tag says that it belongs to %s", key, i.ID, TagOwner, i.Owner())
	}
	return o, nil
}

// preferLive leaves out failed resources if there is one that did not fail.
func preferLive(k kind, found []Observed) []Observed {
	var live []Observed
	for _, o := range found {
		if phase, _ := k.phase(o); phase != Failed {
			live = append(live, o)
		}
	}
	if len(live) > 0 {
		return live
	}
	return found
}

func identifiers(all []Observed) []string {
	ids := make([]string, 0, len(all))
	for _, o := range all {
		ids = append(ids, o.Ident().ID)
	}
	return ids
}

// DuplicateError reports that several resources carry the tags of one.
type DuplicateError struct {
	Key Key
	IDs []string
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("%s exists %d times: %s", e.Key, len(e.IDs), strings.Join(e.IDs, ", "))
}
