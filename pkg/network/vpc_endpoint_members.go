package network

import (
	"slices"

	"provision/pkg/graph"
)

// members are what an endpoint belongs to: route tables, subnets or security groups.
type members struct {
	field string
	want  []graph.Ref
}

func (m members) fieldOf(ref graph.Ref) string { return m.field + " " + string(ref.Key()) }

// needs has every member twice: it must be there before the endpoint is made, and before it is added to one that is.
func (m members) needs() []graph.Need {
	var needs []graph.Need
	for _, ref := range m.want {
		needs = append(needs, ref.Made(), ref.Made().ThenUpdate())
	}
	return needs
}

func (m members) ids() []string {
	var ids []string
	for _, ref := range m.want {
		ids = append(ids, ref.ID())
	}
	return ids
}

func (m members) diff(have []string) []graph.Change {
	var changes []graph.Change
	for _, ref := range m.want {
		if !slices.Contains(have, ref.ID()) {
			changes = append(changes, graph.Change{Field: m.fieldOf(ref), To: ref.String(), After: ref.Key()})
		}
	}
	for _, id := range have {
		if !slices.Contains(m.ids(), id) {
			changes = append(changes, graph.Change{Field: m.field + " " + id, From: id})
		}
	}
	return changes
}

// apply is have with the changes made, and what they add and remove.
func (m members) apply(have []string, changes []graph.Change) (now, add, remove []string) {
	for _, ref := range m.want {
		if graph.Has(changes, m.fieldOf(ref)) {
			add = append(add, ref.ID())
		}
	}
	for _, id := range have {
		if graph.Has(changes, m.field+" "+id) {
			remove = append(remove, id)
		} else {
			now = append(now, id)
		}
	}
	return append(now, add...), add, remove
}
