package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var toyOwner = Owner{Stack: "toy", ID: "01TOY"}

// shape is a random graph: each node needs some of the layers before its own.
type shape struct {
	nodes []node
	kinds []node // of which the graph knows the kinds, with their needs among each other; nil: nodes
}

func (s shape) allNodes() []node {
	if s.kinds != nil {
		return s.kinds
	}
	return s.nodes
}

type node struct {
	key   Key
	safe  bool
	sole  bool
	takes time.Duration
	looks string
	moves bool
	needs []edge
}

type edge struct {
	to     int
	made   bool
	update bool
}

func shapes() *rapid.Generator[shape] {
	return rapid.Custom(func(t *rapid.T) shape {
		var s shape
		layers := rapid.IntRange(1, 6).Draw(t, "layers")
		for layer := range layers {
			kind := string(rune('a' + layer))
			safe, sole := rapid.Bool().Draw(t, "safe"), rapid.IntRange(0, 3).Draw(t, "sole") == 0
			takes := time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second
			before := len(s.nodes)
			for i := range rapid.IntRange(1, 4).Draw(t, "nodes") {
				n := node{key: Join(kind, fmt.Sprint(i)), safe: safe, sole: sole, takes: takes, moves: rapid.Bool().Draw(t, "moves")}
				for to := range before {
					switch rapid.IntRange(0, 5).Draw(t, "edge") {
					case 0:
						n.needs = append(n.needs, edge{to: to, made: true})
						n.moves = n.moves && !s.standsOnSole(to)
					case 1:
						n.needs = append(n.needs, edge{to: to})
						n.moves = n.moves && !s.standsOnSole(to)
					case 2:
						n.needs = append(n.needs, edge{to: to, update: true})
					}
				}
				s.nodes = append(s.nodes, n)
			}
		}
		return s
	})
}

// standsOnSole says whether the node is deleted before it is created again; what moves over in place can't then.
func (s shape) standsOnSole(i int) bool {
	return s.nodes[i].sole || slices.ContainsFunc(s.nodes[i].needs, func(e edge) bool { return !e.update && s.standsOnSole(e.to) })
}

// build makes the graph of the shape over a world.
func (s shape) build(w *world) *Graph {
	g := New("toyland")
	s.addKinds(g, w)
	for _, n := range s.nodes {
		r := toy{
			toyKind: n.kind(w), attrs: map[string]Key{"plain": ""}, joins: map[string]Ref{}, looks: n.looks, moves: n.moves,
		}
		r.Meta = Meta{Is: n.key, Labels: Tags{Want: map[string]string{
			TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: string(n.key),
		}}}
		for _, e := range n.needs {
			to := s.nodes[e.to]
			ref := g.Ref(to.key)
			need := ref.Ready()
			if e.made {
				need = ref.Made()
			}
			if e.update {
				need = need.ThenUpdate()
				r.joins["joined "+string(to.key)] = ref
			} else {
				r.refs = append(r.refs, ref)
			}
			r.needs = append(r.needs, need)
		}
		Add(g, r)
	}
	return g
}

// addKinds lets each kind go after those of the nodes that need it.
func (s shape) addKinds(g *Graph, w *world) {
	all := s.allNodes()
	for _, n := range slices.Backward(all) {
		if g.kind(n.key.Kind()) != nil {
			continue
		}
		var after []string
		for _, child := range all {
			for _, e := range child.needs {
				if all[e.to].key.Kind() == n.key.Kind() && !slices.Contains(after, child.key.Kind()) {
					after = append(after, child.key.Kind())
				}
			}
		}
		AddKind(g, n.kind(w), after...)
	}
}

func (n node) kind(w *world) toyKind {
	return toyKind{world: w, name: n.key.Kind(), safe: n.safe, sole: n.sole, takes: n.takes}
}

func (s shape) keys() []string {
	var keys []string
	for _, n := range s.nodes {
		keys = append(keys, string(n.key))
	}
	slices.Sort(keys)
	return keys
}

// dependents are the nodes that can't be created without the given one, itself not included. A node that needs only
// another's ID continues once that one exists, even if it never becomes ready.
func (s shape) dependents(of int) map[Key]bool {
	absent, unready := map[int]bool{of: true}, map[int]bool{of: true}
	keys := map[Key]bool{}
	for i, n := range s.nodes {
		for _, e := range n.needs {
			lacks := unready[e.to] && !e.made || absent[e.to]
			absent[i] = absent[i] || lacks && !e.update
			unready[i] = unready[i] || lacks
		}
		if unready[i] && i != of {
			keys[n.key] = true
		}
	}
	return keys
}

var nonces atomic.Int64

func toyEngine(j Journal) *Engine {
	return &Engine{
		Owner: toyOwner, Journal: j, Classify: classifyToy,
		NewNonce: func() string { return fmt.Sprintf("nonce-%020d", nonces.Add(1)) },
	}
}

func up(ctx context.Context, e *Engine, g *Graph) error {
	plan, err := e.Plan(ctx, g)
	if err != nil {
		return err
	}
	return e.Apply(ctx, plan)
}

func down(ctx context.Context, e *Engine, g *Graph) error {
	removal, err := e.PlanRemoval(ctx, g)
	if err != nil {
		return err
	}
	return e.Remove(ctx, removal)
}

// virtually runs a case in a bubble of virtual time and fails outside of it.
func virtually(t *testing.T, rt *rapid.T, run func(context.Context) error) {
	var err error
	synctest.Test(t, func(t *testing.T) { err = run(t.Context()) })
	if err != nil {
		rt.Fatal(err)
	}
}

func differ(what string, want, got any) error {
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("%s (-want +got):\n%s", what, diff)
	}
	return nil
}

func TestApplyMakesEachNodeOnceAndASecondRunNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shapes().Draw(rt, "graph")
		virtually(t, rt, func(ctx context.Context) error {
			w, j := newWorld(), newNotebook()
			if err := up(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			if err := differ("what is there", s.keys(), w.keys()); err != nil {
				return err
			}
			if err := s.ordered(w.calls, "create "); err != nil {
				return err
			}
			made := w.mutations()
			if err := up(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			if err := differ("mutating calls of the second run", 0, w.mutations()-made); err != nil {
				return err
			}
			w.calls = nil
			if err := down(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			slices.Reverse(w.calls)
			return errors.Join(s.ordered(w.calls, "delete "), differ("what is left", 0, len(w.things)), differ("journal", 0, len(j.entries)))
		})
	})
}

// ordered: each node has exactly one call, and it comes after those of the nodes whose ID it needs.
func (s shape) ordered(calls []string, verb string) error {
	at := map[string]int{}
	for i, call := range calls {
		key, ok := strings.CutPrefix(call, verb)
		if _, twice := at[key]; ok && twice {
			return fmt.Errorf("%s%s was called twice", verb, key)
		}
		if ok {
			at[key] = i
		}
	}
	for _, n := range s.nodes {
		mine, called := at[string(n.key)]
		if !called {
			return fmt.Errorf("%s%s was not called", verb, n.key)
		}
		for _, e := range n.needs {
			if theirs := at[string(s.nodes[e.to].key)]; !e.update && theirs > mine {
				return fmt.Errorf("%s%s came before %s", verb, n.key, s.nodes[e.to].key)
			}
		}
	}
	return nil
}

func TestAFailureBlocksExactlyTheDependents(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shapes().Draw(rt, "graph")
		victim := rapid.IntRange(0, len(s.nodes)-1).Draw(rt, "victim")
		virtually(t, rt, func(ctx context.Context) error {
			w, j := newWorld(), newNotebook()
			w.fault = func(_ int, call string) fate {
				if call == "create "+string(s.nodes[victim].key) {
					return refused
				}
				return fine
			}
			err := up(ctx, toyEngine(j), s.build(w))
			blocked := map[Key]bool{}
			for _, e := range flatten(err) {
				if node, ok := errors.AsType[*NodeError](e); ok && node.Key != s.nodes[victim].key {
					blocked[node.Key] = true
				}
			}
			if err := differ("blocked", s.dependents(victim), blocked); err != nil {
				return err
			}
			if err := differ("causes", 1, len(Causes(err))); err != nil {
				return err
			}
			w.fault = nil
			if err := up(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			return differ("what is there after the second run", s.keys(), w.keys())
		})
	})
}

func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

func TestLostAnswersDoubleNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shapes().Draw(rt, "graph")
		lag := rapid.IntRange(0, 3).Draw(rt, "lag")
		fates := rapid.SliceOfN(rapid.SampledFrom([]fate{fine, fine, lostBefore, lostAfter, throttled}), 1, 60).Draw(rt, "fates")
		virtually(t, rt, func(ctx context.Context) error {
			w, j := newWorld(), newNotebook()
			w.lag = lag
			w.fault = func(n int, _ string) fate {
				if n > len(fates) {
					return fine
				}
				return fates[n-1]
			}
			if err := up(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			if err := differ("what is there", s.keys(), w.keys()); err != nil {
				return err
			}
			w.fault = func(n int, _ string) fate { return fates[n%len(fates)] }
			if slices.Max(fates) > fine && slices.Min(fates) > fine {
				w.fault = nil // no engine survives a cloud that never answers
			}
			if err := down(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			return differ("what is left", 0, len(w.things))
		})
	})
}

func TestACrashAtAnyCallIsHealedByTheNextRun(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shapes().Draw(rt, "graph")
		lag := rapid.IntRange(0, 3).Draw(rt, "lag")
		crash := rapid.IntRange(1, 3*len(s.nodes)).Draw(rt, "crash at")
		after := rapid.Bool().Draw(rt, "after the effect")
		virtually(t, rt, func(ctx context.Context) error {
			w, j := newWorld(), newNotebook()
			w.lag = lag
			running, kill := context.WithCancel(ctx)
			w.fault = func(n int, _ string) fate {
				switch {
				case n < crash:
					return fine
				case n == crash && after:
					j.freeze(kill)
					return lostAfter
				}
				j.freeze(kill)
				return refused
			}
			died := up(running, toyEngine(j), s.build(w))
			kill()
			if died == nil && crash <= w.mutations() {
				return errors.New("the crash went unnoticed")
			}
			w.fault, j.frozen = nil, false
			if err := up(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			if err := differ("what is there", s.keys(), w.keys()); err != nil {
				return err
			}
			if err := down(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			return differ("what is left", 0, len(w.things))
		})
	})
}

// freeze ends the life of the process as far as the journal can tell.
func (j *notebook) freeze(kill func()) {
	j.mu.Lock()
	j.frozen = true
	j.mu.Unlock()
	kill()
}
