package reliability

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/verdict"
)

// drift is a change by hand, and the next plan's words for it.
type drift struct {
	by    func(*hand)
	later time.Duration // how long it goes unnoticed
	wants []string      // exactly; IDs are written as the keys of the state
}

// hand is a user who changes resources by hand.
type hand struct {
	*testing.T
	*cloud.Region
	world *world
}

// id is that of one of the stack's things.
func (h *hand) id(key graph.Key) *string { return aws.String(h.world.id(h.T, key)) }

// do makes a call that must succeed.
func do[In, Out, Options any](
	h *hand, call func(context.Context, *In, ...func(*Options)) (*Out, error), in *In,
) *Out {
	h.Helper()
	out, err := call(h.Context(), in)
	must(h.T, err)
	return out
}

// After any change by hand, status and plan list the exact difference, up repairs it, and then there is nothing left
// to do.
func TestDrift(t *testing.T) {
	c := undisturbed(t)
	all := map[string]drift{}
	for _, some := range []map[string]drift{networkDrifts, balancingDrifts, computeDrifts} {
		maps.Copy(all, some)
	}
	for name, d := range all {
		runCase(t, name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{})
				must(t, w.up(t.Context()))
				d.by(&hand{t, w.clients(), w})
				w.wait(t, d.later)
				w.mustShow(t, d.wants)
				must(t, w.up(t.Context()))
				w.wait(t, time.Hour) // until what was replaced is gone
				w.mustBeUp(t, account{}, c.count)
				w.box.ForgetCalls()
				must(t, w.up(t.Context()))
				if wrote := writes(w.box); len(wrote) > 0 {
					t.Errorf("another up calls %v", wrote)
				}
			})
		})
	}
}

// mustShow checks what status and plan say that differs.
func (w *world) mustShow(t *testing.T, wants []string) {
	t.Helper()
	must(t, w.run(t.Context(), func(ctx context.Context, s *session) error {
		status := s.Status(ctx)
		shown := &stack.Plan{}
		for _, part := range status.Parts() {
			shown.Regions = append(shown.Regions, &stack.Part{Region: part.Region, Plan: part.Plan, Err: part.Err})
		}
		if diff := cmp.Diff(inOrder(wants), w.named(t, differences(shown))); diff != "" || verdict.Worst(status.Verdicts()...) == verdict.AsWanted {
			t.Errorf("what status says (-want +got):\n%s", diff)
		}
		plan := s.Plan(ctx)
		if diff := cmp.Diff(inOrder(wants), w.named(t, differences(plan))); diff != "" {
			t.Errorf("what plan says (-want +got):\n%s", diff)
		}
		return plan.Err()
	}))
}

// named writes IDs as the keys that the state has for them, and leaves out the region.
func (w *world) named(t *testing.T, lines []string) []string {
	d := w.document(t)
	pairs := []string{d.Owner, "OWNER"}
	for _, part := range d.Regions {
		for key, resource := range part.Resources {
			pairs = append(pairs, resource.ID, string(key))
		}
	}
	text := strings.NewReplacer(pairs...).Replace(strings.Join(lines, "\n"))
	return inOrder(strings.Split(strings.ReplaceAll(text, region+" ", ""), "\n"))
}

// inOrder sorts the lists in lines: they are sorted by IDs, which each world draws at random.
func inOrder(lines []string) []string {
	var sorted []string
	for _, line := range lines {
		words := strings.Fields(line)
		for i, word := range words {
			if strings.HasSuffix(word, ",") {
				continue // of a sentence
			}
			items := strings.Split(word, ",")
			slices.Sort(items)
			words[i] = strings.Join(items, ",")
		}
		sorted = append(sorted, strings.Join(words, " "))
	}
	return sorted
}
