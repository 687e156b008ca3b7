package graph

import (
	"maps"
	"slices"
	"strings"
)

// Change is one difference between a resource's desired and observed state.
type Change struct {
	Field string // as the cloud's API calls it, e.g. "route 0.0.0.0/0"
	From  string // empty: absent
	To    string // empty: the field will be removed
	After Key    // an update-step need that this change waits for; empty: none
	Also  []Key  // further ones, all of which it waits for
	Fixed string // why this can't be changed in place; empty: it can

	// Replace is the reason to replace the resource, for a change that the cloud can't make in place; empty if it can.
	// A replacement is a new generation of the resource. The engine creates it and updates the dependents to refer to
	// it before it deletes the old one; see [DeletedFirst] for kinds that don't allow that. A plan shows the reason, so
	// that a phrase will do: "AWS can't change the destination of a flow log".
	Replace string

	// Alone is set with Replace if two generations that differ in this field only can't exist at the same time. If all
	// changes that need the replacement are so, the engine deletes the old generation first.
	Alone bool

	// Useless is the reason why a resource with this difference can't be used; empty if it can. The engine treats such
	// a resource as a failed one: it deletes it and creates another.
	Useless string
}

const tagField = "tag "

// Tags are the tags a resource is to carry.
type Tags struct {
	Want map[string]string
	Drop []string // keys that an earlier run set and that are no longer desired
}

// Diff compares with the tags that a resource carries. Tags that are neither desired nor listed in Drop belong to
// others.
func (t Tags) Diff(have map[string]string) []Change {
	var changes []Change
	for _, key := range slices.Sorted(maps.Keys(t.Want)) {
		if got, ok := have[key]; !ok || got != t.Want[key] {
			changes = append(changes, Change{Field: tagField + key, From: got, To: t.Want[key]})
		}
	}
	for _, key := range t.Drop {
		if got, ok := have[key]; ok {
			changes = append(changes, Change{Field: tagField + key, From: got})
		}
	}
	return changes
}

// Apply returns have with the tag changes made, and the tags that the changes set and remove.
func (t Tags) Apply(have map[string]string, changes []Change) (now, set map[string]string, remove []string) {
	now, set = maps.Clone(have), map[string]string{}
	if now == nil {
		now = map[string]string{}
	}
	for _, c := range changes {
		key, ok := strings.CutPrefix(c.Field, tagField)
		if !ok {
			continue
		}
		if value, wanted := t.Want[key]; wanted {
			now[key], set[key] = value, value
		} else {
			delete(now, key)
			remove = append(remove, key)
		}
	}
	return now, set, remove
}

// Has reports whether one of the changes is of this field; a field that ends in a space matches every field with that
// prefix.
func Has(changes []Change, field string) bool {
	return slices.ContainsFunc(changes, func(c Change) bool {
		return c.Field == field || strings.HasSuffix(field, " ") && strings.HasPrefix(c.Field, field)
	})
}
