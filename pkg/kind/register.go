package kind

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// Of is a registered kind whose Go type is K.
type Of[K any] struct {
	Registration
	bind func(c *cloud.Region, stack string) K
}

// In is the kind, bound to the clients of a region; stack is the name that the stack's things have there.
func (o Of[K]) In(c *cloud.Region, stack string) K { return o.bind(c, stack) }

var (
	registered = map[string]Registration{}
	observed   = map[reflect.Type]string{} // names, by the type of the values that are observed
)

// Register makes a kind known. It panics if the name is taken or the registration lacks something, since a program with
// half a kind would plan, permit or show it wrongly.
func Register[K graph.Kind[O], O graph.Observed](r Registration, bind func(c *cloud.Region, stack string) K) Of[K] {
	var zero K
	r.name, r.zero = zero.Kind(), zero
	if tied, ok := r.zero.(graph.Tied); ok {
		r.tied = tied.GoesWith()
	}
	_, r.together = r.zero.(graph.Together[O])
	r.add = func(g *graph.Graph, c *cloud.Region, stack string, after ...string) {
		graph.AddKind(g, bind(c, stack), after...)
	}
	if _, taken := registered[r.name]; taken {
		panic(fmt.Sprintf("kind %q is registered twice", r.name))
	}
	if lacking := r.Lacks(); len(lacking) > 0 {
		panic(fmt.Sprintf("kind %q lacks %s", r.name, strings.Join(lacking, ", ")))
	}
	registered[r.name] = r
	observed[reflect.TypeFor[O]()] = r.name
	return Of[K]{Registration: r, bind: bind}
}

// Registered are all kinds of the packages that are linked in, by name.
func Registered() []Registration {
	return slices.SortedFunc(maps.Values(registered), func(a, b Registration) int { return strings.Compare(a.name, b.name) })
}

// Named is the kind of a name. It panics for an unregistered one: only code names kinds.
func Named(name string) Registration {
	r, ok := registered[name]
	if !ok {
		panic(fmt.Sprintf("kind %q is not registered", name))
	}
	return r
}

// OfStep is the kind of a step's resource. Its observed type decides, if it was observed: its tags can hold any key.
func OfStep(s graph.Step) Registration {
	if name, ok := observed[reflect.TypeOf(s.Observed)]; ok {
		return registered[name]
	}
	return Named(s.Key.Kind())
}
