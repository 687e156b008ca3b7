package graph

import (
	"slices"
	"strings"
)

// IDs are the IDs of some resources in a stable order; those that do not exist yet are left out.
func IDs(refs ...Ref) []string {
	var ids []string
	for _, ref := range refs {
		if id := ref.ID(); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// DiffRefs compares a list of IDs, in any order, with the resources whose IDs it should contain. The change waits for
// the first of them that does not exist yet; the resource must list that one among its needs.
func DiffRefs(field string, have []string, want ...Ref) []Change {
	have = slices.Sorted(slices.Values(have))
	if slices.Equal(have, IDs(want...)) && len(have) == len(want) {
		return nil
	}
	change := Change{Field: field, From: strings.Join(have, ",")}
	shown := make([]string, 0, len(want))
	for _, ref := range want {
		shown = append(shown, ref.String())
		if change.After == "" && ref.ID() == "" {
			change.After = ref.Key()
		}
	}
	slices.Sort(shown)
	change.To = strings.Join(shown, ",")
	return []Change{change}
}

// DiffRefsOf is [DiffRefs] for a list that another resource uses, the heir of [Graph.HandsOver]: where IDs only go, the
// change waits until the heir has left the resources with these IDs. With the zero Ref it waits for nothing.
func DiffRefsOf(heir Ref, field string, have []string, want ...Ref) []Change {
	changes := DiffRefs(field, have, want...)
	ids := IDs(want...)
	added := func(id string) bool { return !slices.Contains(have, id) }
	if len(changes) == 0 || len(ids) < len(want) || slices.ContainsFunc(ids, added) {
		return changes
	}
	changes[0].After = heir.Key()
	return changes
}
