package graph

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// looking is the shape with other looks for some nodes, which they have for life, and without some that nothing needs.
func (s shape) looking(looks string, which func(node) bool, unwanted ...int) shape {
	other := shape{nodes: slices.Clone(s.nodes), kinds: s.allNodes()}
	for i := range other.nodes {
		if which(other.nodes[i]) {
			other.nodes[i].looks = looks
		}
	}
	for _, i := range slices.Backward(slices.Sorted(slices.Values(unwanted))) {
		other.nodes = slices.Delete(other.nodes, i, i+1)
		for n := range other.nodes {
			other.nodes[n].needs = slices.Clone(other.nodes[n].needs)
			for e := range other.nodes[n].needs {
				if other.nodes[n].needs[e].to > i {
					other.nodes[n].needs[e].to--
				}
			}
		}
	}
	return other
}

// leaves are the nodes that nothing needs.
func (s shape) leaves() (all []int) {
	for i := range s.nodes {
		if !slices.ContainsFunc(s.nodes, func(n node) bool {
			return slices.ContainsFunc(n.needs, func(e edge) bool { return e.to == i })
		}) {
			all = append(all, i)
		}
	}
	return all
}

// asWanted checks that exactly the shape is there, each node once, as wanted, and known to the journal.
func (s shape) asWanted(w *world, j *notebook) error {
	there := map[Key]*toyThing{}
	for _, thing := range w.things {
		there[thing.Key()] = thing
	}
	for _, n := range s.nodes {
		thing, entry := there[n.key], j.entries[n.key]
		switch {
		case thing == nil:
			return fmt.Errorf("%s is not there", n.key)
		case thing.Attrs["looks"] != n.looks:
			return fmt.Errorf("%s looks %q, want %q", n.key, thing.Attrs["looks"], n.looks)
		case entry.ID != thing.ID || len(entry.Former) > 0:
			return fmt.Errorf("%s is %s, and the journal has %v", n.key, thing.ID, entry)
		}
		for _, e := range n.needs {
			to := there[s.nodes[e.to].key].ID
			if e.update && thing.Attrs["joined "+string(s.nodes[e.to].key)] != to || !e.update && !slices.Contains(thing.parents, to) {
				return fmt.Errorf("%s does not refer to %s", n.key, to)
			}
		}
	}
	return errors.Join(differ("what is there", s.keys(), w.keys()), differ("entries", len(s.nodes), len(j.entries)),
		differ("broken rules", []string(nil), w.broken))
}

// settled checks that a further run finds nothing to do.
func (s shape) settled(ctx context.Context, w *world, j *notebook) error {
	before := w.mutations()
	if err := up(ctx, toyEngine(j), s.build(w)); err != nil {
		return err
	}
	return differ("mutating calls of a further run", 0, w.mutations()-before)
}

// cleared takes everything down.
func (s shape) cleared(ctx context.Context, w *world, j *notebook) error {
	if err := down(ctx, toyEngine(j), s.build(w)); err != nil {
		return err
	}
	return errors.Join(differ("what is left", []string(nil), w.keys()), differ("journal", 0, len(j.entries)))
}

func TestAReplacementTurnsOverWhatDependsOnIt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shapes().Draw(rt, "graph")
		other := s.changed(rt)
		virtually(t, rt, func(ctx context.Context) error {
			w, j := newWorld(), newNotebook()
			return cmpErr(
				func() error { return up(ctx, toyEngine(j), s.build(w)) },
				func() error { return s.asWanted(w, j) },
				func() error { return up(ctx, toyEngine(j), other.build(w)) },
				func() error { return other.asWanted(w, j) },
				func() error { return other.settled(ctx, w, j) },
				func() error { return other.cleared(ctx, w, j) },
			)
		})
	})
}

// changed draws which nodes are to look otherwise, and which are no longer wanted.
func (s shape) changed(t *rapid.T) shape {
	var unwanted []int
	for _, i := range s.leaves() {
		if rapid.IntRange(0, 3).Draw(t, "unwanted") == 0 && len(unwanted) < len(s.nodes)-1 {
			unwanted = append(unwanted, i)
		}
	}
	return s.looking("red", func(node) bool { return rapid.IntRange(0, 2).Draw(t, "red") == 0 }, unwanted...)
}

func cmpErr(steps ...func() error) error {
	for i, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// crashing lets a run die at its n-th call, with its effect or without.
func crashing(ctx context.Context, w *world, j *notebook, n int, after bool, run func(context.Context) error) (died bool) {
	before := w.mutations()
	running, kill := context.WithCancel(ctx)
	defer kill()
	w.fault = func(call int, _ string) fate {
		switch {
		case call-before < n:
			return fine
		case call-before == n && after:
			j.freeze(kill)
			return lostAfter
		}
		j.freeze(kill)
		return refused
	}
	_ = run(running)
	w.mu.Lock()
	died = len(w.calls)-before >= n
	w.mu.Unlock()
	w.fault, j.frozen = nil, false
	return died
}

// The next run after a crash continues, restores the old settings, removes the stack, or crashes again.
var sequels = []string{"on", "back", "down", "crash again"}

func (s shape) sequel(ctx context.Context, w *world, j *notebook, other shape, how string) error {
	want := other
	switch how {
	case "back":
		want = s
	case "down":
		return s.cleared(ctx, w, j)
	case "crash again":
		crashing(ctx, w, j, 2, true, func(ctx context.Context) error { return up(ctx, toyEngine(j), other.build(w)) })
	}
	return cmpErr(
		func() error { return up(ctx, toyEngine(j), want.build(w)) },
		func() error { return want.asWanted(w, j) },
		func() error { return want.settled(ctx, w, j) },
		func() error { return want.cleared(ctx, w, j) },
	)
}

func TestACrashInAReplacementDoublesNothingAndLeavesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := shapes().Draw(rt, "graph")
		other := s.changed(rt)
		lag := rapid.IntRange(0, 3).Draw(rt, "lag")
		crash := rapid.IntRange(1, 3*len(s.nodes)).Draw(rt, "crash at")
		after := rapid.Bool().Draw(rt, "after the effect")
		how := rapid.SampledFrom(sequels).Draw(rt, "then")
		virtually(t, rt, func(ctx context.Context) error {
			w, j := newWorld(), newNotebook()
			w.lag = lag
			if err := up(ctx, toyEngine(j), s.build(w)); err != nil {
				return err
			}
			crashing(ctx, w, j, crash, after, func(ctx context.Context) error { return up(ctx, toyEngine(j), other.build(w)) })
			return s.sequel(ctx, w, j, other, how)
		})
	})
}

// ladder has a node of each sort: one that is replaced, one that is replaced with it, one that moves over, one that is
// joined to it, and one that is no longer wanted.
func ladder(sole bool) (before, after shape) {
	before = shape{nodes: []node{
		{key: "a/0", sole: sole},
		{key: "b/0", needs: []edge{{to: 0}}},
		{key: "c/0", moves: !sole, needs: []edge{{to: 0, made: true}}},
		{key: "d/0", needs: []edge{{to: 0, update: true}, {to: 1}}},
		{key: "e/0", needs: []edge{{to: 0}}},
	}}
	return before, before.looking("red", func(n node) bool { return n.key == "a/0" }, 4)
}

func TestACrashAtEveryCallOfAReplacement(t *testing.T) {
	for _, sole := range []bool{false, true} {
		before, after := ladder(sole)
		for _, how := range sequels {
			for _, effect := range []bool{false, true} {
				for n, died := 1, true; died; n++ {
					synctest.Test(t, func(t *testing.T) {
						w, j := newWorld(), newNotebook()
						if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
							t.Fatal(err)
						}
						died = crashing(t.Context(), w, j, n, effect, func(ctx context.Context) error {
							return up(ctx, toyEngine(j), after.build(w))
						})
						if err := before.sequel(t.Context(), w, j, after, how); err != nil {
							t.Errorf("sole %t, call %d, with its effect %t, then %s: %v\n%s", sole, n, effect, how, err, strings.Join(w.calls, "\n"))
						}
					})
				}
			}
		}
	}
}

func TestAPlanOfAReplacement(t *testing.T) {
	for sole, want := range map[bool][]string{
		false: {"a/0 replace first", "b/0 replace first", "c/0 update", "d/0 replace first", "e/0 delete"},
		true:  {"a/0 replace", "b/0 replace", "c/0 replace", "d/0 replace", "e/0 delete"},
	} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			before, after := ladder(sole)
			if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
				t.Fatal(err)
			}
			plan := mustPlan(t, toyEngine(j), after.build(w))
			var got []string
			for _, s := range plan.Steps {
				line := fmt.Sprintf("%s %s", s.Key, s.Action)
				if s.CreateFirst {
					line += " first"
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("sole %t (-want +got):\n%s", sole, diff)
			}
			if why := plan.Steps[0].Why; why != "it looks so for life" {
				t.Errorf("the reason is %q", why)
			}
			w.calls = nil
			if err := toyEngine(j).Apply(t.Context(), plan); err != nil {
				t.Fatal(err)
			}
			first, last := "create a/0", "delete a/0"
			if sole {
				first, last = last, first
			}
			if i, k := slices.Index(w.calls, first), slices.Index(w.calls, last); i < 0 || k < i {
				t.Errorf("sole %t: %s does not come before %s:\n%s", sole, first, last, strings.Join(w.calls, "\n"))
			}
		})
	}
}

// A generation that was claimed and can't be created is given up when it is no longer wanted.
func TestAReplacementThatIsWantedNoMoreIsTakenBack(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		before, after := ladder(false)
		if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
			t.Fatal(err)
		}
		old := maps.Clone(j.entries)
		w.fault = func(_ int, call string) fate {
			if strings.HasPrefix(call, "create") {
				return refused
			}
			return fine
		}
		if err := up(t.Context(), toyEngine(j), after.build(w)); !errors.Is(err, errToyRefused) {
			t.Fatalf("up: %v", err)
		}
		if entry := j.entries["a/0"]; entry.ID != "" || !slices.Contains(entry.Former, old["a/0"].ID) {
			t.Errorf("the journal has %v of a/0, want a claim and %s", entry, old["a/0"].ID)
		}
		w.calls = nil
		if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
			t.Fatal(err)
		}
		if err := before.asWanted(w, j); err != nil || len(w.calls) > 0 {
			t.Errorf("%v; calls: %v", err, w.calls)
		}
	})
}

// At any failure, an old generation stays as long as not everything has been turned over to the new one.
func TestAnOldGenerationStaysWhileSomethingDependsOnIt(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		before, after := ladder(false)
		if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
			t.Fatal(err)
		}
		w.fault = func(_ int, call string) fate {
			if call == "update c/0 parents" {
				return refused
			}
			return fine
		}
		w.calls = nil
		if err := up(t.Context(), toyEngine(j), after.build(w)); !errors.Is(err, errToyRefused) {
			t.Errorf("up: %v", err)
		}
		if i := slices.IndexFunc(w.calls, func(call string) bool { return strings.HasPrefix(call, "delete") }); i >= 0 {
			t.Errorf("%s: not all had been turned over", w.calls[i])
		}
		w.fault = nil
		plan := mustPlan(t, toyEngine(j), after.build(w))
		var old []Key
		for _, s := range plan.Steps {
			if s.Action == Delete && s.Why == "it was replaced" {
				old = append(old, s.Key)
			}
		}
		slices.Sort(old)
		if diff := cmp.Diff([]Key{"a/0", "b/0", "d/0"}, old); diff != "" {
			t.Errorf("old generations in the next plan (-want +got):\n%s", diff)
		}
		if err := toyEngine(j).Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		if err := after.asWanted(w, j); err != nil {
			t.Error(err)
		}
	})
}
