package graph

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// A resource that is deleted together with a failed one is created again by a further plan of the same run.
func TestApplyLooksAgainForWhatWentAlong(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		s := shape{nodes: []node{{key: "a/0"}, {key: "b/0"}}}
		if err := up(t.Context(), toyEngine(j), s.build(w)); err != nil {
			t.Fatal(err)
		}
		along := j.entries["b/0"].ID
		w.things[j.entries["a/0"].ID].Dead = true
		w.fault = func(_ int, call string) fate {
			if call == "delete a/0" {
				delete(w.things, along)
			}
			return fine
		}
		if err := up(t.Context(), toyEngine(j), s.build(w)); err != nil {
			t.Fatal(err)
		}
		if err := s.asWanted(w, j); err != nil {
			t.Error(err)
		}
	})
}

// fickleToy turns out to need a replacement when it is looked at for the third time, which no plan sees.
type fickleToy struct {
	toy
	looks *int
}

func (r fickleToy) Diff(o toyState) []Change {
	if *r.looks++; *r.looks%3 == 0 {
		return []Change{{Field: "mood", Replace: "it changed its mind"}}
	}
	return r.toy.Diff(o)
}

func TestApplyEndsWhenEachPlanLeavesSomethingToReplace(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		s := shape{nodes: []node{{key: "a/0"}}}
		if err := up(t.Context(), toyEngine(j), s.build(w)); err != nil {
			t.Fatal(err)
		}
		g, looks := New("toyland"), 0
		AddKind(g, s.nodes[0].kind(w))
		Add(g, fickleToy{s.build(w).byKey["a/0"].(wishOf[toyState]).r.(toy), &looks})
		plan := mustPlan(t, toyEngine(j), g)
		err := toyEngine(j).Apply(t.Context(), plan)
		if err == nil || !strings.Contains(err.Error(), "toyland: still differs after 2 further plans") || looks != 9 {
			t.Errorf("Apply() = %v after %d looks", err, looks)
		}
	})
}

func TestApplyReplacesOnceWhatDiffersForEver(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		before, after := ladder(false)
		if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
			t.Fatal(err)
		}
		w.plain, w.calls = true, nil
		err := up(t.Context(), toyEngine(j), after.build(w))
		if err == nil || !strings.Contains(err.Error(), "the new one differs as well, and can't be changed in place: it looks so for life") {
			t.Errorf("up: %v", err)
		}
		if len(w.broken) > 0 || slices.Contains(w.calls, "delete a/0") {
			t.Errorf("calls: %v; %v", w.calls, w.broken)
		}
	})
}

func TestAKindThatShouldDeleteFirstIsFoundOut(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		before, after := ladder(false)
		if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
			t.Fatal(err)
		}
		w.byName = true
		err := up(t.Context(), toyEngine(j), after.build(w))
		if err == nil || !strings.Contains(err.Error(), "two of its kind can't exist at the same time") {
			t.Errorf("up: %v", err)
		}
		w.byName = false
		if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
			t.Fatal(err)
		}
		if err := before.asWanted(w, j); err != nil {
			t.Error(err)
		}
	})
}

// A claim's resource that no list has yet may hold one that must be deleted: it is waited for, and replaced along with it.
func TestAReplacementWaitsForWhatAClaimMadeUnseen(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		s := shape{nodes: []node{{key: "a/0", sole: true}, {key: "b/0", safe: true, needs: []edge{{to: 0}}}}}
		w.lag = 3
		crashing(t.Context(), w, j, 3, true, func(ctx context.Context) error { return up(ctx, toyEngine(j), s.build(w)) })
		if last := w.calls[len(w.calls)-1]; last != "create b/0" || j.entries["b/0"].ID != "" {
			t.Fatalf("it crashed at %s, with %v", last, j.entries)
		}
		other := s.looking("red", func(n node) bool { return n.key == "a/0" })
		if err := up(t.Context(), toyEngine(j), other.build(w)); err != nil {
			t.Fatal(err)
		}
		if err := other.asWanted(w, j); err != nil {
			t.Error(err)
		}
	})
}

// A generation that the state knows and that lost its owner's tag is named by a removal, and left alone.
func TestRemovalNamesAnUntaggedGeneration(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		before, after := ladder(false)
		if err := up(t.Context(), toyEngine(j), before.build(w)); err != nil {
			t.Fatal(err)
		}
		old := j.entries["d/0"].ID
		w.fault = func(_ int, call string) fate {
			if strings.HasPrefix(call, "delete") {
				return refused
			}
			return fine
		}
		if err := up(t.Context(), toyEngine(j), after.build(w)); err == nil || !slices.Contains(j.entries["d/0"].Former, old) {
			t.Fatalf("up: %v; the journal has %v", err, j.entries["d/0"])
		}
		w.fault = nil
		delete(w.things[old].Tags, TagOwner)
		err := down(t.Context(), toyEngine(j), before.build(w))
		if err == nil || !strings.Contains(err.Error(), old+" lacks this stack's") || w.things[old] == nil {
			t.Errorf("down: %v", err)
		}
	})
}
