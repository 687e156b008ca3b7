package stack_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// ids are what a sweep found.
func ids(found *stack.Removal) []string {
	var all []string
	for _, part := range found.Parts() {
		if part.Removal != nil {
			for _, step := range part.Removal.Steps {
				all = append(all, step.ID)
			}
		}
	}
	slices.Sort(all)
	return all
}

func TestSweepTakesWhatIsThereTwiceAndNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, known, err := w.recovered(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		w.makeVPC(t, "eu-west-1", state.NewOwner(), state.NewOwner()) // a stranger's
		before := w.left(t)
		double := w.makeVPC(t, "eu-west-1", known.Owner, state.NewOwner())

		err = w.run(t.Context(), func(s *stack.Stack) error {
			found := s.PlanSweep(t.Context())
			if diff := cmp.Diff([]string{double}, ids(found)); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			return s.Sweep(t.Context(), found).Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, w.left(t)); diff != "" {
			t.Errorf("the account is not as it was before there were two (-want +got):\n%s", diff)
		}
		if _, after, err := w.recovered(t.Context(), known.Owner); err != nil || !cmp.Equal(known, after) {
			t.Errorf("the state is touched (%v):\n%s", err, cmp.Diff(known, after))
		}
	})
}

func TestSweepLeavesWhatARunIsAboutToBind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		nonce := state.NewOwner()
		var owner string
		err := w.run(t.Context(), func(s *stack.Stack) error { // a run that died between the call and its answer
			owner = s.Record.Document().Owner
			return s.Record.Journal("eu-west-1").Claim(t.Context(), []graph.Claim{{Key: "vpc", Nonce: nonce}})
		})
		if err != nil {
			t.Fatal(err)
		}
		w.makeVPC(t, "eu-west-1", owner, nonce)
		err = w.run(t.Context(), func(s *stack.Stack) error {
			if found := ids(s.PlanSweep(t.Context())); len(found) > 0 {
				t.Errorf("found %v, which the next run binds", found)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestSweepEmptiesARegionThatTheStateForgot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		things := 0
		err := w.run(t.Context(), func(s *stack.Stack) error {
			forgotten := s.Record.Document()
			things = len(forgotten.Regions["us-east-1"].Resources)
			delete(forgotten.Regions, "us-east-1")
			forgetful := *s
			forgetful.Record = stack.ReadOnly{Read: forgotten}
			found := forgetful.PlanSweep(t.Context())
			if found.Regions[0].Removal.Steps != nil || len(found.Regions[1].Removal.Steps) < things {
				t.Errorf("found %v", ids(found))
			}
			return forgetful.Sweep(t.Context(), found).Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		plan, err := w.plan(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if made := plan.Regions[1].Plan.Count(graph.Create); made != things || len(plan.Regions[0].Plan.Changed()) > 0 {
			t.Errorf("%d of %d are gone; the other region: %v", made, things, plan.Regions[0].Plan.Changed())
		}
	})
}
