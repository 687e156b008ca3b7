package graph

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOutlookOfAPlan(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		want := []Outlook{
			{Key: "a/0"},
			{Key: "b/0", Usual: time.Minute, After: []Key{"a/0"}},
			{Key: "c/0", After: []Key{"b/0"}},
		}
		plan := mustPlan(t, toyEngine(j), chain.build(w))
		if diff := cmp.Diff(want, plan.Outlook()); diff != "" {
			t.Errorf("before (-want +got):\n%s", diff)
		}
		if err := toyEngine(j).Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		for _, o := range mustPlan(t, toyEngine(j), chain.build(w)).Outlook() {
			if !o.Idle || o.Usual != 0 {
				t.Errorf("%s is done, but its outlook is %+v", o.Key, o)
			}
		}
	})
}

func TestOutlookOfARemoval(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		e := toyEngine(j)
		if err := e.Apply(t.Context(), mustPlan(t, e, chain.build(w))); err != nil {
			t.Fatal(err)
		}
		removal, err := e.PlanRemoval(t.Context(), chain.build(w))
		if err != nil {
			t.Fatal(err)
		}
		after := map[Key][]Key{}
		for _, o := range removal.Outlook() {
			after[o.Key] = o.After
		}
		want := map[Key][]Key{"a/0": {"b/0"}, "b/0": {"c/0"}, "c/0": nil}
		if diff := cmp.Diff(want, after); diff != "" {
			t.Errorf("what the removals wait for (-want +got):\n%s", diff)
		}
	})
}
