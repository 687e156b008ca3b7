package stack_test

import (
	"cmp"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"provision/integration/golden"
	"provision/integration/witness"
	"provision/pkg/compute"
	"provision/pkg/effect"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// A stack is created with one setting and changed to another. What its plan announces to users is what happens to them, at
// no moment more, and then there is nothing left to do. The page tells each change from its plan.
func TestChanges(t *testing.T) {
	told := make([]toldRow, len(changeRows))
	t.Run("rows", func(t *testing.T) {
		for i, row := range changeRows {
			t.Run(row.name(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { told[i] = row.run(t) })
			})
		}
	})
	if !t.Failed() && !slices.ContainsFunc(told, func(r toldRow) bool { return !r.ran }) {
		golden.File(t, changesPage, withChanges(t, told))
	}
}

// toldRow is what the page says of a row.
type toldRow struct {
	changeRow
	ran     bool
	refused string // why
	plan    *stack.Plan
	effects []effect.Effect // in the region that was there before
	usual   time.Duration   // by the plan
	kept    string
}

func (r changeRow) name() string {
	parts := []string{r.setting, cmp.Or(r.from, "none"), "to", cmp.Or(r.to, "none")}
	for _, path := range slices.Sorted(maps.Keys(r.with)) {
		parts = append(parts, path, r.with[path])
	}
	if r.in != nil {
		parts = []string{r.setting, r.says}
	}
	return strings.Join(parts, " ")
}

// settle is more than the grace period of an instance, and as much as it takes until what goes is gone.
const settle = 15 * time.Minute

func (r changeRow) run(t *testing.T) toldRow {
	seen := witness.New("provision-web")
	w := newWorld(t, sandbox.Options{Watch: seen.Watch}, "eu-west-1")
	folder := t.TempDir()
	w.file = filepath.Join(folder, "provision.yaml")
	r.writeScripts(t, folder)
	if r.in != nil {
		w.regions = r.in
	}
	r.write(t, w.file, r.from)
	_, err := w.up(t.Context())
	must(t, err)
	time.Sleep(settle)
	before := w.photograph(t)

	if r.then != nil {
		w.regions = r.then
	}
	r.write(t, w.file, r.to)
	w.calls.reset()
	row := toldRow{changeRow: r, ran: true}
	err = w.run(t.Context(), func(s *stack.Stack) error {
		plan := s.Plan(t.Context())
		if refused := s.Refusal(plan); refused != nil {
			return refused
		}
		row.of(s, plan)
		seen.Start()
		start := time.Now()
		s.SkipVerify = r.skipsVerify()
		err := s.Apply(t.Context(), plan).Err()
		row.timely(t, time.Since(start))
		return err
	})
	if row.refused = refusal(err); row.refused != "" {
		if w.calls.writes > 0 {
			t.Errorf("%d writes, though the change is refused", w.calls.writes)
		}
		return row
	}
	must(t, err)
	time.Sleep(settle)
	after := w.photograph(t) // which is one more look of the witness
	row.kept = kept(before, after)
	row.check(t, seen, before, after)
	w.calls.reset()
	must(t, w.run(t.Context(), func(s *stack.Stack) error {
		s.SkipVerify = r.skipsVerify()
		return s.Apply(t.Context(), s.Plan(t.Context())).Err()
	}))
	if w.calls.writes > 0 {
		t.Errorf("another up makes %d writes", w.calls.writes)
	}
	return row
}

// refusal is why a change is refused; empty if it is not.
func refusal(err error) string {
	if fixed, ok := errors.AsType[*graph.RefusedError](err); ok {
		return fixed.Steps[0].Changes[0].Fixed
	}
	if move, ok := errors.AsType[*compute.ZonesError](err); ok {
		return move.Error()
	}
	return ""
}

// skipsVerify is for a status that the site does not answer with: what it answers is no setting of the stack.
func (r changeRow) skipsVerify() bool { return r.setting == "verify.status" }

// of takes what the page tells from the plan of the region that was there before.
func (r *toldRow) of(s *stack.Stack, plan *stack.Plan) {
	r.plan, r.effects = plan, plan.Regions[0].Effects
	for _, part := range plan.Regions {
		r.usual = max(r.usual, longest(s.Outlook(part)))
	}
	var takes time.Duration
	for _, e := range r.effects {
		takes = max(takes, e.Takes)
	}
	r.usual += takes
}

// longest is the time of the longest way through the steps.
func longest(steps []graph.Outlook) time.Duration {
	ends, most := map[graph.Key]time.Duration{}, time.Duration(0)
	for range steps { // in whatever order they are
		for _, step := range steps {
			var start time.Duration
			for _, before := range step.After {
				start = max(start, ends[before])
			}
			ends[step.Key] = start + step.Usual
			most = max(most, ends[step.Key])
		}
	}
	return most
}

// timely compares the time that a plan announces, as a rule, with what it took.
func (r *toldRow) timely(t *testing.T, took time.Duration) {
	if took > 2*r.usual+time.Minute {
		t.Errorf("it took %s, and the plan says about %s", took, r.usual)
	}
}

// check compares what the plan announces with what was seen.
func (r *toldRow) check(t *testing.T, seen *witness.Witness, before, after photo) {
	for _, breach := range seen.Breaches("eu-west-1", witness.Announced(r.effects)) {
		t.Error(breach)
	}
	var announced []effect.Kind
	for _, e := range r.effects {
		announced = append(announced, e.Kind)
	}
	slices.Sort(announced)
	kinds, ended := happened(before, after, seen.Silent("eu-west-1"), seen.Unrecorded("eu-west-1"))
	if diff := gocmp.Diff(slices.Compact(announced), kinds); diff != "" {
		t.Errorf("what users notice (-announced +happened):\n%s", diff)
	}
	if n := effect.Replacements(r.effects); n != ended {
		t.Errorf("%d instances ended, and the plan announces %d", ended, n)
	}
}
