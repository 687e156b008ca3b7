package graph

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// chain is a graph of a → b → c, each a kind of its own.
var chain = shape{nodes: []node{
	{key: "a/0"},
	{key: "b/0", takes: time.Minute, needs: []edge{{to: 0}}},
	{key: "c/0", needs: []edge{{to: 1}}},
}}

func (w *world) plant(key Key, owner, stack string, parents ...string) string {
	w.nextID++
	id := "planted-" + string(rune('0'+w.nextID))
	w.things[id] = &toyThing{
		toyState: toyState{
			Identity: Identity{ID: id, Tags: map[string]string{TagKey: string(key), TagOwner: owner, TagStack: stack}},
			Attrs:    map[string]string{"plain": "on"},
		},
		parents: parents,
	}
	return id
}

func inBubble(t *testing.T, run func(t *testing.T, w *world, j *notebook)) {
	synctest.Test(t, func(t *testing.T) { run(t, newWorld(), newNotebook()) })
}

func mustPlan(t *testing.T, e *Engine, g *Graph) *Plan {
	t.Helper()
	plan, err := e.Plan(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func actions(plan *Plan) map[Key]Action {
	all := map[Key]Action{}
	for _, s := range plan.Steps {
		all[s.Key] = s.Action
	}
	return all
}

func TestPlanLeavesOthersThingsAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		theirs := w.plant("a/0", "01SOMEBODY", toyOwner.Stack)
		w.plant("a/0", "", "")
		plan := mustPlan(t, toyEngine(j), chain.build(w))
		if diff := cmp.Diff(map[Key]Action{"a/0": Create, "b/0": Create, "c/0": Create}, actions(plan)); diff != "" {
			t.Error(diff)
		}
		if len(plan.Foreign) != 1 || plan.Foreign[0].ID != theirs {
			t.Errorf("Foreign = %v, want %s", plan.Foreign, theirs)
		}
		if err := toyEngine(j).Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		if err := down(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"a/0", "a/0"}, w.keys()); diff != "" {
			t.Errorf("what is left (-want +got):\n%s", diff)
		}
	})
}

func TestPlanRefusesTwoOfAKind(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		_, err := toyEngine(j).Plan(t.Context(), chain.build(w))
		if duplicate, ok := errors.AsType[*DuplicateError](err); !ok || len(duplicate.IDs) != 2 {
			t.Errorf("Plan() = %v, want a DuplicateError with both IDs", err)
		}
	})
}

func TestPlanNamesASpareOfWhatTheJournalBound(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		mine := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		spare := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		if err := j.Bind("a/0", mine); err != nil {
			t.Fatal(err)
		}
		plan := mustPlan(t, toyEngine(j), chain.build(w))
		if len(plan.Spare) != 1 || plan.Spare[0].ID != spare {
			t.Errorf("Spare = %v, want %s", plan.Spare, spare)
		}
	})
}

func TestApplyReplacesWhatFailed(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		for _, thing := range w.things {
			if thing.Key() == "c/0" {
				thing.Dead = true
			}
		}
		plan := mustPlan(t, toyEngine(j), chain.build(w))
		if diff := cmp.Diff(map[Key]Action{"a/0": Keep, "b/0": Keep, "c/0": Replace}, actions(plan)); diff != "" {
			t.Error(diff)
		}
		if err := toyEngine(j).Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"a/0", "b/0", "c/0"}, w.keys()); diff != "" {
			t.Error(diff)
		}
	})
}

// That another thing is not there is no reason to take this one for deleted, and to forget it.
func TestADeletionThatMissesAnotherThingIsRepeated(t *testing.T) {
	for name, misses := range map[string]int{"twice": 2, "for good": 1 << 30} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
					t.Fatal(err)
				}
				missed := 0
				w.fault = func(_ int, call string) fate {
					if call != "delete c/0" || missed == misses {
						return fine
					}
					missed++
					return absent
				}
				err := down(t.Context(), toyEngine(j), chain.build(w))
				left := []string{"a/0", "b/0", "c/0"}
				if misses == missed {
					left = nil
				} else if !errors.Is(err, errToyAbsent) || !strings.Contains(err.Error(), "toyland: delete c/0: ") {
					t.Errorf("down: %v", err)
				}
				if diff := cmp.Diff(left, w.keys()); diff != "" || len(j.Entries()) != len(left) || (err == nil) != (left == nil) {
					t.Errorf("down: %v; the journal has %d entries; there is (-want +got):\n%s", err, len(j.Entries()), diff)
				}
			})
		})
	}
}

func TestApplyRemovesWhatIsNoLongerWanted(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		less := chain.build(w)
		less.wishes = less.wishes[:2]
		delete(less.byKey, "c/0")
		plan := mustPlan(t, toyEngine(j), less)
		if diff := cmp.Diff(map[Key]Action{"a/0": Keep, "b/0": Keep, "c/0": Delete}, actions(plan)); diff != "" {
			t.Error(diff)
		}
		if err := toyEngine(j).Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"a/0", "b/0"}, w.keys()); diff != "" {
			t.Error(diff)
		}
	})
}

// fixedToy can't change its "plain" attribute in place.
type fixedToy struct{ toy }

func (r fixedToy) Diff(o toyState) []Change {
	changes := r.toy.Diff(o)
	for i := range changes {
		changes[i].Fixed = "toys are forever"
	}
	return changes
}

func TestApplyRefusesBeforeAnyWrite(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		id := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.things[id].Attrs = nil
		g := New("toyland")
		kind := toyKind{world: w, name: "a"}
		AddKind(g, kind)
		labels := Tags{Want: map[string]string{TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: "a/0"}}
		Add(g, fixedToy{toy{toyKind: kind, Meta: Meta{Is: "a/0", Labels: labels}, attrs: map[string]Key{"plain": ""}}})
		err := toyEngine(j).Apply(t.Context(), mustPlan(t, toyEngine(j), g))
		if _, refused := errors.AsType[*RefusedError](err); !refused || !strings.Contains(err.Error(), "toys are forever") {
			t.Errorf("Apply() = %v, want a refusal with its reason", err)
		}
		if n := w.mutations(); n > 0 {
			t.Errorf("%d mutating calls before the refusal", n)
		}
	})
}

// uselessToy is a wish that one thing is of no use for.
type uselessToy struct {
	toy
	useless string
}

func (r uselessToy) Diff(o toyState) []Change {
	changes := r.toy.Diff(o)
	if o.ID == r.useless {
		changes = append(changes, Change{Field: "wheels", To: "4", Useless: "a car without wheels"})
	}
	return changes
}

func TestApplyReplacesWhatIsOfNoUse(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		id := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		g := New("toyland")
		kind := toyKind{world: w, name: "a"}
		AddKind(g, kind)
		labels := Tags{Want: map[string]string{TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: "a/0"}}
		Add(g, uselessToy{toy{toyKind: kind, Meta: Meta{Is: "a/0", Labels: labels}}, id})
		plan := mustPlan(t, toyEngine(j), g)
		if s := plan.Steps[0]; s.Action != Replace || s.Why != "a car without wheels" {
			t.Errorf("%s of %s, since %q, want a replacement with its reason", s.Action, s.Key, s.Why)
		}
		if bound := g.Ref("a/0").ID(); bound != "" {
			t.Errorf("what refers to a/0 still gets %s, which is to go", bound)
		}
		err := toyEngine(j).Apply(t.Context(), plan)
		if _, there := w.things[id]; err != nil || there {
			t.Errorf("Apply() = %v, and the useless toy is there: %t", err, there)
		}
	})
}

// recastToy has its colour for life: another colour takes another toy.
type recastToy struct{ toy }

func (r recastToy) Diff(o toyState) []Change {
	changes := r.toy.Diff(o)
	for i := range changes {
		if changes[i].Field == "plain" {
			changes[i].Replace = "toys keep their colour"
		}
	}
	return changes
}

func TestPlanReplacesWhatCanNotChangeInPlace(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		id := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.things[id].Attrs = nil
		g := New("toyland")
		kind := toyKind{world: w, name: "a"}
		AddKind(g, kind)
		labels := Tags{Want: map[string]string{TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: "a/0"}}
		Add(g, recastToy{toy{toyKind: kind, Meta: Meta{Is: "a/0", Labels: labels}, attrs: map[string]Key{"plain": ""}}})
		plan := mustPlan(t, toyEngine(j), g)
		if s := plan.Steps[0]; s.Action != Replace || s.Why != "toys keep their colour" || len(plan.Refused()) > 0 {
			t.Errorf("%s of %s, since %q, want a replacement with its reason", s.Action, s.Key, s.Why)
		}
	})
}

func TestAStoppedRunStartsNothingNewAndRecordsWhatItMade(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		ctx, stop := context.WithCancelCause(t.Context())
		stopped := errors.New("Ctrl-C")
		w.fault = func(n int, _ string) fate {
			stop(stopped)
			return fine
		}
		if err := up(ctx, toyEngine(j), chain.build(w)); !errors.Is(err, stopped) {
			t.Errorf("Apply() = %v, want %v", err, stopped)
		}
		if diff := cmp.Diff([]string{"create a/0"}, w.calls); diff != "" {
			t.Error(diff)
		}
		if j.entries["a/0"].ID == "" {
			t.Error("what the last call made is not in the journal")
		}
	})
}

func TestIDsOfTwoKindsMayBeTheSame(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		renamed := map[string]*toyThing{}
		for _, thing := range w.things { // as a role and its instance profile have one name
			thing.ID, thing.parents = "web", nil
			renamed[string(thing.Key())] = thing
			if err := j.Bind(thing.Key(), "web"); err != nil {
				t.Fatal(err)
			}
		}
		w.things = renamed
		removal, err := toyEngine(j).PlanRemoval(t.Context(), chain.build(w))
		if err != nil {
			t.Fatal(err)
		}
		got := map[Key]bool{}
		for _, s := range removal.Steps {
			got[s.Key] = true
		}
		if diff := cmp.Diff(map[Key]bool{"a/0": true, "b/0": true, "c/0": true}, got); diff != "" {
			t.Error(diff)
		}
	})
}
