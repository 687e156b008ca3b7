package graph

import (
	"context"
	"fmt"
	"slices"
)

// Graph is what one region is to have, in the order it was added, and every kind that may have to be removed.
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

// Add puts a resource into the graph. The reference is for the resources that need it, which are added later: so what is
// added reads in the order of its creation, and no circle can be. It panics for what a programmer got wrong: a key
// twice, a kind that could not be removed, a need of what is not there.
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

// AddKind lets the engine find and remove things of a kind. A thing of it is deleted when everything of the kinds in
// after is gone; they are added before. It panics for a kind twice, and for one in after that is not there.
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

// goesBefore says whether the other kind waits for this one, at whatever remove.
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

// panicf is for mistakes of those who write graphs: no input of a user's leads here.
func (g *Graph) panicf(format string, args ...any) {
	panic(fmt.Sprintf("graph of "+g.Region+": "+format, args...))
}

// Fill gives the graph a function that adds its resources once what they depend on was looked up. It runs beside the
// first look at the region, which needs to know the kinds only.
func (g *Graph) Fill(add func(context.Context) error) { g.fill = add }

// Gate is a need outside of the graph: ready when wait returns nil. It has no ID.
func (g *Graph) Gate(key Key, wait func(context.Context) error) Ref {
	if g.has(key) {
		g.panicf("%s is added twice", key)
	}
	g.gates[key] = wait
	return Ref{key: key, ids: g.ids}
}

// Keys are the wanted resources, in the order they were added.
func (g *Graph) Keys() []Key {
	keys := make([]Key, 0, len(g.wishes))
	for _, w := range g.wishes {
		keys = append(keys, w.Key())
	}
	return keys
}

// Needs are the edges of a wanted resource.
func (g *Graph) Needs(key Key) []Need {
	if w, ok := g.byKey[key]; ok {
		return w.needs()
	}
	return nil
}

// Ref is the reference of a wanted resource.
func (g *Graph) Ref(key Key) Ref { return Ref{key: key, ids: g.ids} }

func (g *Graph) kind(name string) kind {
	i := slices.IndexFunc(g.kinds, func(k kind) bool { return k.kindName() == name })
	if i < 0 {
		return nil
	}
	return g.kinds[i]
}
