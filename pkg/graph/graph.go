package graph

import (
	"context"
	"fmt"
	"slices"
)

// Graph has the desired resources of one region, in the order in which they were added, and every kind that a removal
// may have to delete.
type Graph struct {
	Region string

	wishes []wish
	byKey  map[Key]wish
	gates  map[Key]func(context.Context) error
	kinds  []kind
	after  map[string][]string
	heirs  map[Key][]Key // who takes over from whom
	ids    *bindings
	fill   func(context.Context) error
}

// New is an empty graph.
func New(region string) *Graph {
	return &Graph{
		Region: region,
		byKey:  map[Key]wish{},
		gates:  map[Key]func(context.Context) error{},
		after:  map[string][]string{},
		heirs:  map[Key][]Key{},
		ids:    newBindings(),
	}
}

// Add puts a resource into the graph. The returned reference is for the resources that need it, which are added later:
// so the code reads in the order of creation, and no cycle is possible. Add panics for a programmer's mistake: a
// duplicate key, a kind that was not added, a need of a resource that was not added.
func Add[O Observed](g *Graph, r Resource[O]) Ref {
	w := wishOf[O]{kindOf: kindOf[O]{r}, r: r}
	key := w.Key()
	if g.has(key) {
		g.panicf("%s is added twice", key)
	}
	if key.Kind() != w.kindName() || g.kind(w.kindName()) == nil {
		g.panicf("%s is of the kind %q, which is not in the graph", key, w.kindName())
	}
	for _, need := range w.needs() {
		if !g.has(need.Key) {
			g.panicf("%s needs %s, which is not in the graph", key, need.Key)
		}
	}
	g.wishes = append(g.wishes, w)
	g.byKey[key] = w
	return Ref{key: key, ids: g.ids}
}

// AddKind lets the engine find and remove resources of a kind. The engine deletes them once no resource of the kinds in
// after exists; those kinds are added before. It panics for a duplicate kind, and for one in after that was not added.
func AddKind[O Observed](g *Graph, k Kind[O], after ...string) {
	if g.kind(k.Kind()) != nil {
		g.panicf("the kind %q is added twice", k.Kind())
	}
	g.mustKnow(k.Kind(), after)
	g.kinds = append(g.kinds, kindOf[O]{k})
	g.after[k.Kind()] = after
}

// After lets a kind that is in the graph wait for further kinds. It is for kinds that only some graphs have.
func (g *Graph) After(kind string, after ...string) {
	if g.kind(kind) == nil {
		g.panicf("the kind %q is not in the graph", kind)
	}
	g.mustKnow(kind, after)
	for _, other := range after {
		if other == kind || g.goesBefore(kind, other) {
			g.panicf("the kind %q can't go after %q, which goes after it", kind, other)
		}
	}
	g.after[kind] = append(slices.Clone(g.after[kind]), after...)
}

// goesBefore reports whether the other kind waits for this one, directly or through others.
func (g *Graph) goesBefore(kind, other string) bool {
	return slices.ContainsFunc(g.after[other], func(name string) bool { return name == kind || g.goesBefore(kind, name) })
}

func (g *Graph) mustKnow(kind string, others []string) {
	for _, other := range others {
		if g.kind(other) == nil {
			g.panicf("the kind %q goes after %q, which is not in the graph", kind, other)
		}
	}
}

func (g *Graph) has(key Key) bool { return g.byKey[key] != nil || g.gates[key] != nil }

// panicf is for mistakes of those who write graphs: no user's input leads here.
func (g *Graph) panicf(format string, args ...any) {
	panic(fmt.Sprintf("graph of "+g.Region+": "+format, args...))
}

// Fill sets the function that adds the graph's resources, once it has looked up the facts that they depend on. It runs
// in parallel with the first look at the region, which needs only the kinds.
func (g *Graph) Fill(add func(context.Context) error) { g.fill = add }

// Gate is a need outside of the graph: ready when wait returns nil. It has no ID.
func (g *Graph) Gate(key Key, wait func(context.Context) error) Ref {
	if g.has(key) {
		g.panicf("%s is added twice", key)
	}
	g.gates[key] = wait
	return Ref{key: key, ids: g.ids}
}

// Keys are the desired resources, in the order in which they were added.
func (g *Graph) Keys() []Key {
	keys := make([]Key, 0, len(g.wishes))
	for _, w := range g.wishes {
		keys = append(keys, w.Key())
	}
	return keys
}

// Needs are the edges of a desired resource.
func (g *Graph) Needs(key Key) []Need {
	if w, ok := g.byKey[key]; ok {
		return w.needs()
	}
	return nil
}

// Ref is the reference of a desired resource.
func (g *Graph) Ref(key Key) Ref { return Ref{key: key, ids: g.ids} }

func (g *Graph) kind(name string) kind {
	i := slices.IndexFunc(g.kinds, func(k kind) bool { return k.kindName() == name })
	if i < 0 {
		return nil
	}
	return g.kinds[i]
}
