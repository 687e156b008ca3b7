// Package kinds has every kind of resource that a stack can have: other packages read registrations here, so that no
// kind's package can be left out.
//
// It must not know anything about one kind.
package kinds

import (
	"slices"

	_ "provision/pkg/access" // registers its kinds, as the others do
	_ "provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/kind"
	_ "provision/pkg/lb" // registers its kinds, too
	_ "provision/pkg/network"
	_ "provision/pkg/observe"
)

// All are the kinds, each after those that must be gone before it.
func All() []kind.Registration {
	rest := kind.Registered()
	var all []kind.Registration
	for len(rest) > 0 {
		free := func(r kind.Registration) bool {
			return !slices.ContainsFunc(r.After, func(name string) bool { return has(rest, name) })
		}
		level := slices.DeleteFunc(slices.Clone(rest), func(r kind.Registration) bool { return !free(r) })
		if len(level) == 0 {
			panic("kinds that must be gone before each other")
		}
		all = append(all, level...)
		rest = slices.DeleteFunc(rest, func(r kind.Registration) bool { return has(level, r.Name()) })
	}
	return all
}

// Named is the kind of a name that the code gives. It panics if there is none.
func Named(name string) kind.Registration { return kind.Named(name) }

// Of is the kind of what a step is about.
func Of(s graph.Step) kind.Registration { return kind.OfStep(s) }

func has(all []kind.Registration, name string) bool {
	return slices.ContainsFunc(all, func(r kind.Registration) bool { return r.Name() == name })
}
