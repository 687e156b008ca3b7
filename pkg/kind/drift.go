package kind

import (
	"slices"
	"strings"
)

// Drift is what a plan looks at in a thing of the kind, apart from its tags, which it compares of every kind. The fields
// are those of [graph.Change]; one that ends in a space stands for all that start with it. docs/drift.md is made from it.
type Drift struct {
	Repaired []string // `up` sets them as the settings say
	Fixed    []string // AWS can't change them in place: the plan replaces the thing, or refuses
	Reported []string // not the program's to change: `status` and `plan` name them, and they stay
	Unread   []string // nothing looks at them, in words
}

// Knows says whether the field is one that the kind declares.
func (d Drift) Knows(field string) bool {
	return strings.HasPrefix(field, "tag ") || In(d.Repaired, field) || In(d.Fixed, field) || In(d.Reported, field)
}

// In says whether one of the declared fields stands for this one.
func In(declared []string, field string) bool { return Declared(declared, field) != "" }

// Declared is the one of the declared fields that stands for this one; empty if none does.
func Declared(declared []string, field string) string {
	i := slices.IndexFunc(declared, func(one string) bool {
		return one == field || strings.HasSuffix(one, " ") && strings.HasPrefix(field, one)
	})
	if i < 0 {
		return ""
	}
	return declared[i]
}
