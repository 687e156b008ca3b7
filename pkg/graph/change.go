package graph

import (
	"maps"
	"slices"
	"strings"
)

// Change is one difference between a thing and the wish for it.
type Change struct {
	Field string // as the cloud's API calls it, e.g. "route 0.0.0.0/0"
	From  string // empty: absent
	To    string // empty: to be taken away
	After Key    // an update-step need that this change waits for; empty: none
	Fixed string // why this can't be changed in place; empty: it can

	// Replace is why a change that the cloud can't make in place is made by a replacement: a new generation of the
	// resource takes over from the one there is. Empty: it is made in place. The new one is created, and what depends on
	// the resource is turned over to it, before the old one is deleted; see [DeletedFirst] for kinds that can't do that.
	// A plan shows the reason, for which a phrase does: "AWS can't change the destination of a flow log".
	Replace string

	// Useless is why a thing with this difference is of no use to anybody, empty if it is: it is treated as one that
	// failed, deleted and made anew.
	Useless string
}

const tagField = "tag "

// Tags are the tags a resource is to carry.
type Tags struct {
	Want map[string]string
	Drop []string // keys that an earlier run set and that are no longer wanted
}

// Diff compares with what a thing carries. Tags that are neither wanted nor to be dropped are somebody else's.
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

// Apply is have with the tag changes made, and what they set and remove.
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

// Has says whether one of the changes is of this field; a field that ends in a space stands for all that begin so.
func Has(changes []Change, field string) bool {
	return slices.ContainsFunc(changes, func(c Change) bool {
		return c.Field == field || strings.HasSuffix(field, " ") && strings.HasPrefix(c.Field, field)
	})
}
