package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Graph is what one region is to have, in the order it was added, and every kind that may have to be removed.
type Graph struct {
	Region string

	wishes []wish
	byKey  map[Key]wish
	gates  map[Key]func(context.Context) error
	kinds  []kind
	after  map[string][]string
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
		ids:    newBindings(),
	}
}

// Add puts a resource into the graph. The reference is for the resources that need it.
func Add[O Observed](g *Graph, r Resource[O]) Ref {
	w := wishOf[O]{kindOf: kindOf[O]{r}, r: r}
	g.wishes = append(g.wishes, w)
	g.byKey[w.Key()] = w
	return Ref{key: w.Key(), ids: g.ids}
}

// AddKind lets the engine find and remove things of a kind. A thing of it is deleted when everything of the kinds in
// after is gone.
func AddKind[O Observed](g *Graph, k Kind[O], after ...string) {
	g.kinds = append(g.kinds, kindOf[O]{k})
	g.after[k.Kind()] = after
}

// Fill gives the graph a function that adds its resources once what they depend on was looked up. It runs beside the
// first look at the region, which needs to know the kinds only.
func (g *Graph) Fill(add func(context.Context) error) { g.fill = add }

// Gate is a need outside of the graph: ready when wait returns nil. It has no ID.
func (g *Graph) Gate(key Key, wait func(context.Context) error) Ref {
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

// Validate finds what a programmer of a graph can get wrong: a key twice, an edge to nothing, a circle, a kind that
// could not be removed.
func (g *Graph) Validate() error {
	if len(g.byKey) != len(g.wishes) {
		return fmt.Errorf("graph of %s: a key was added twice: %v", g.Region, g.Keys())
	}
	for _, w := range g.wishes {
		if g.kind(w.kindName()) == nil {
			return fmt.Errorf("graph of %s: the kind of %s was not added", g.Region, w.Key())
		}
		for _, need := range w.needs() {
			if g.byKey[need.Key] == nil && g.gates[need.Key] == nil {
				return fmt.Errorf("graph of %s: %s needs %s, which is not in the graph", g.Region, w.Key(), need.Key)
			}
		}
	}
	if circle := g.circle(); circle != nil {
		return fmt.Errorf("graph of %s: a circle: %s", g.Region, strings.Join(circle, " → "))
	}
	return nil
}

func (g *Graph) kind(name string) kind {
	i := slices.IndexFunc(g.kinds, func(k kind) bool { return k.kindName() == name })
	if i < 0 {
		return nil
	}
	return g.kinds[i]
}

// circle is a path of needs that comes back to its start, or nil.
func (g *Graph) circle() []string {
	const walking, walked = 1, 2
	mark := map[Key]int{}
	var path []string
	var walk func(Key) bool
	walk = func(k Key) bool {
		path = append(path, string(k))
		mark[k] = walking
		for _, need := range g.Needs(k) {
			if mark[need.Key] == walking {
				path = append(path, string(need.Key))
				return true
			}
			if mark[need.Key] != walked && walk(need.Key) {
				return true
			}
		}
		mark[k] = walked
		path = path[:len(path)-1]
		return false
	}
	for _, k := range g.Keys() {
		if mark[k] == 0 && walk(k) {
			return path
		}
	}
	return nil
}
