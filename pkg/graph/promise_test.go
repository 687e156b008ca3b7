package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A resource that the state knows and that carries no owner's tag is left alone: another owner may have removed the tag.
func TestRemovalLeavesWhatLacksTheOwnersTag(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		untagged := j.entries["c/0"].ID
		delete(w.things[untagged].Tags, TagOwner)
		err := down(t.Context(), toyEngine(j), chain.build(w))
		if err == nil || !strings.Contains(err.Error(), untagged+" lacks this stack's "+TagOwner+" tag") {
			t.Errorf("down: %v", err)
		}
		if w.things[untagged] == nil || slices.Contains(w.calls, "delete c/0") || j.entries["c/0"].ID != untagged {
			t.Errorf("it was deleted, or forgotten: %v, %v", w.calls, j.entries)
		}
	})
}

// An ID in the state that another owner's tag claims is an error, and nothing is called.
func TestPlanRefusesWhatAnotherOwnerTookOver(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		taken := w.things[j.entries["b/0"].ID]
		taken.Tags[TagOwner] = "01SOMEBODY"
		calls := w.mutations()
		err := up(t.Context(), toyEngine(j), chain.build(w))
		if err == nil || !strings.Contains(err.Error(), taken.ID) || !strings.Contains(err.Error(), "01SOMEBODY") {
			t.Errorf("up: %v, want an error with the thing and its owner", err)
		}
		if w.mutations() != calls {
			t.Errorf("calls: %v", w.calls[calls:])
		}
		delete(taken.Tags, TagOwner) // a lost tag is drift, and set again
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil || taken.Owner() != toyOwner.ID {
			t.Errorf("up: %v; its owner is %q", err, taken.Owner())
		}
	})
}

// Of two that carry the tags, a claim of an earlier run leads to its own.
func TestPlanPicksByNonceAmongTwo(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		mine := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		spare := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.things[mine].Tags[TagNonce], w.things[spare].Tags[TagNonce] = "nonce-1", "nonce-2"
		if err := j.Claim(t.Context(), []Claim{{Key: "a/0", Nonce: "nonce-1"}}); err != nil {
			t.Fatal(err)
		}
		plan := mustPlan(t, toyEngine(j), chain.build(w))
		if s := plan.Steps[0]; s.ID != mine || s.Action == Create || len(plan.Spare) != 2 {
			t.Errorf("%s of %q with %d to spare, want %s", s.Action, s.ID, len(plan.Spare), mine)
		}
	})
}

// A resource that is being deleted already is neither deleted again nor one too many.
func TestPlanLeavesWhatIsLeaving(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		for _, key := range []Key{"a/0", "a/9"} {
			w.things[w.plant(key, toyOwner.ID, toyOwner.Stack)].Leaving = true
		}
		plan := mustPlan(t, toyEngine(j), chain.build(w))
		if diff := cmp.Diff(map[Key]Action{"a/0": Create, "b/0": Create, "c/0": Create}, actions(plan)); diff != "" {
			t.Error(diff)
		}
		if len(plan.Spare) > 0 || len(plan.Foreign) > 0 {
			t.Errorf("to spare: %v; foreign: %v", plan.Spare, plan.Foreign)
		}
	})
}

// A resource that fails each time is created and deleted a few times and no more.
func TestApplyGivesUpWhatFailsEachTime(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.stillborn = "c/0"
		err := up(t.Context(), toyEngine(j), chain.build(w))
		if err == nil || !strings.Contains(err.Error(), "failed 3 times: died") {
			t.Errorf("up: %v", err)
		}
		created := 0
		for _, call := range w.calls {
			if call == "create c/0" {
				created++
			}
		}
		if created != 1+maxReplaced {
			t.Errorf("it was created %d times, want %d", created, 1+maxReplaced)
		}
	})
}

// A call that is under way when the run is stopped ends, whatever it does, and what it did is known.
func TestAStoppedRunCutsNoCall(t *testing.T) {
	for _, verb := range []string{"create", "update", "delete"} {
		t.Run(verb, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				only := shape{nodes: chain.nodes[:1]}
				run := up
				if verb == "delete" {
					if err := up(t.Context(), toyEngine(j), only.build(w)); err != nil {
						t.Fatal(err)
					}
					run = down
				}
				ctx, stop := context.WithCancelCause(t.Context())
				stopped, retried := errors.New("Ctrl-C"), false
				w.fault = func(_ int, call string) fate {
					if strings.HasPrefix(call, verb) {
						stop(stopped)
					}
					return fine
				}
				e := toyEngine(j)
				e.Events = func(ev Event) { retried = retried || ev.Type == Retrying }
				if err := run(ctx, e, only.build(w)); retried || err != nil && !errors.Is(err, stopped) {
					t.Errorf("%v; retried: %t: the call was cut off", err, retried)
				}
				if known := j.entries["a/0"].ID != ""; known != (verb != "delete") {
					t.Errorf("the journal has %v", j.entries)
				}
			})
		})
	}
}
