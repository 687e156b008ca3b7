package kind

import (
	"fmt"
	"slices"
	"strings"

	"provision/pkg/graph"
)

// Writes are the operations of a kind that change something, by their names in IAM policies.
type Writes struct {
	Create string
	Later  []string // the start of the fields that the creation can't set
	Given  []string // values that a new thing has anyway
	Update []Update // the first whose field fits
	Delete []string
}

// Update is how changes of fields that start with Field are made.
type Update struct {
	Field       string
	Set         []string
	Clear, Swap string   // instead of Set; empty: the same
	Then        []string // what another kind calls because of it
	Each        bool     // one call for each change
	ClearEach   bool     // one call for each change that clears
}

// Tagging is what all kinds of a service have in common.
func Tagging(set, remove string) Update {
	return Update{Field: "tag ", Set: []string{set}, Clear: remove}
}

// Of is how a change is made. It panics for one that nothing makes: the registration of the kind forgot it.
func (w Writes) Of(c graph.Change) Update {
	i := slices.IndexFunc(w.Update, func(u Update) bool { return strings.HasPrefix(c.Field, u.Field) })
	if i < 0 {
		panic(fmt.Sprintf("no call changes %q of what %s creates", c.Field, w.Create))
	}
	return w.Update[i]
}

// Operations of a change: to something, to nothing, or from one thing to another.
func (u Update) Operations(c graph.Change) []string {
	return slices.Concat(u.own(c), u.Then)
}

func (u Update) own(c graph.Change) []string {
	switch {
	case c.To == "" && u.Clear != "":
		return []string{u.Clear}
	case c.From != "" && u.Swap != "":
		return []string{u.Swap}
	}
	return u.Set
}

// Lacking are the changes that a creation can't make along with it.
func (w Writes) Lacking(changes []graph.Change) []graph.Change {
	return slices.DeleteFunc(slices.Clone(changes), func(c graph.Change) bool {
		return !slices.ContainsFunc(w.Later, func(field string) bool { return strings.HasPrefix(c.Field, field) }) ||
			slices.Contains(w.Given, c.To)
	})
}

// operations are all that are named.
func (w Writes) operations() []string {
	all := slices.Clone(w.Delete)
	if w.Create != "" {
		all = append(all, w.Create)
	}
	for _, u := range w.Update {
		all = append(all, u.Set...)
		for _, other := range []string{u.Clear, u.Swap} {
			if other != "" {
				all = append(all, other)
			}
		}
	}
	return all
}
