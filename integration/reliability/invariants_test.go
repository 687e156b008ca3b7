package reliability

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/stack"
)

// mustBeUp checks the invariants after an `up` that succeeded. There is exactly one of each desired resource: as many
// of every kind as an undisturbed run created. The state has them all and nothing else. Foreign resources are
// unchanged, to the byte. Another `up` would do nothing.
func (w *world) mustBeUp(t testing.TB, others account, undisturbed map[string]int) {
	t.Helper()
	now := w.account(t)
	if diff := cmp.Diff(undisturbed, now.without(others).count()); diff != "" {
		t.Errorf("what there is of each kind (-after an undisturbed up +now):\n%s", diff)
	}
	w.mustKnow(t, now)
	mustBeUntouched(t, others, now)
	w.mustConverge(t)
}

// mustConverge checks that another `up` would do nothing.
func (w *world) mustConverge(t testing.TB) {
	t.Helper()
	plan, err := w.plan(t.Context())
	if err != nil {
		t.Errorf("plan after up: %v", err)
		return
	}
	if diff := cmp.Diff([]string(nil), differences(plan)); diff != "" {
		t.Errorf("another up would do something (-want +got):\n%s", diff)
	}
	if err := w.status(t.Context()); err != nil {
		t.Errorf("status after up: %v", err)
	}
}

// mustSettle checks that another `up` would do nothing, which also reads until what is new is seen, and then lets what was
// deleted go.
func (w *world) mustSettle(t testing.TB) {
	t.Helper()
	w.mustConverge(t)
	w.wait(t, time.Hour)
}

// mustBeDown checks what holds after a `down` that succeeded: there is what is others', as it was, and no state.
func (w *world) mustBeDown(t testing.TB, others account) {
	t.Helper()
	now := w.account(t)
	if diff := cmp.Diff(map[string]int{}, now.without(others).count()); diff != "" {
		t.Errorf("left after down (-want +got):\n%s", diff)
	}
	mustBeUntouched(t, others, now)
	if !w.document(t).Fresh() {
		t.Errorf("there is a state after down: %+v", w.document(t))
	}
}

func mustBeUntouched(t testing.TB, others, now account) {
	t.Helper()
	for _, touched := range others.touched(now) {
		t.Errorf("others' %s", touched)
	}
}

// mustKnow checks that the state on disk holds the IDs of what carries its owner's tag, and no others.
func (w *world) mustKnow(t testing.TB, now account) {
	t.Helper()
	owner, known := w.known(t)
	if diff := cmp.Diff(now.owned(owner), known); diff != "" {
		t.Errorf("the state does not equal the world (-world +state):\n%s", diff)
	}
}

// mustKnowAll checks that the state on disk holds the ID of everything that was made.
func (w *world) mustKnowAll(t testing.TB) {
	t.Helper()
	owner, known := w.known(t)
	for _, owned := range w.account(t).owned(owner) {
		if !slices.Contains(known, owned) {
			t.Errorf("%s was made, and the state does not know it", owned)
		}
	}
}

// known are the owner, and region and ID of all that the state on disk knows.
func (w *world) known(t testing.TB) (owner string, known []string) {
	t.Helper()
	d := w.document(t)
	for region, part := range d.Regions {
		for _, resource := range part.Resources {
			if resource.ID != "" {
				known = append(known, region+" "+resource.ID)
			}
		}
	}
	slices.Sort(known)
	return d.Owner, known
}

// differences are what a plan would do, a line each.
func differences(plan *stack.Plan) []string {
	var lines []string
	for _, part := range plan.Parts() {
		for _, step := range part.Plan.Changed() {
			line := part.Region + " " + string(step.Action) + " " + string(step.Key)
			for _, c := range step.Changes {
				line += "; " + c.Field + ": " + c.From + " → " + c.To
			}
			lines = append(lines, line)
		}
		for _, spare := range part.Plan.Spare {
			lines = append(lines, part.Region+" has a further "+string(spare.Key())+": "+spare.ID)
		}
	}
	slices.Sort(lines)
	return lines
}
