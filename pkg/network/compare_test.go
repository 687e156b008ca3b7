package network

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/graph"
)

// diffCase is one observed state of a resource, and what is to change about it.
type diffCase[O graph.Observed] struct {
	wish interface{ Diff(o O) []graph.Change }
	o    O
	want []graph.Change
}

// checkDiffs compares the changes; of why a change can't be made in place, only whether it can.
func checkDiffs[O graph.Observed](t *testing.T, cases map[string]diffCase[O]) {
	t.Helper()
	const fixed = "fixed"
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := tc.wish.Diff(tc.o)
			for i := range got {
				if got[i].Fixed != "" {
					got[i].Fixed = fixed
				}
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Diff() (-want +got):\n%s", diff)
			}
		})
	}
}

// but is a copy of a state with something else about it.
func but[O any](o O, change func(*O)) O {
	change(&o)
	return o
}
