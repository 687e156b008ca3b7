package ending_test

import (
	"context"
	"testing"

	"provision/pkg/ending"
)

func TestFleetExitCodes(t *testing.T) {
	failed := func(all ...error) (targets []*ending.TargetError) {
		for _, err := range all {
			targets = append(targets, &ending.TargetError{Target: "a", Err: err})
		}
		return targets
	}
	refused := ending.RefusedError{Err: context.Canceled}
	for _, test := range []struct {
		name string
		err  *ending.FleetError
		want int
	}{
		{"only changes", &ending.FleetError{Done: 1, Changes: 2}, ending.Changes},
		{"some done", &ending.FleetError{Writes: true, Done: 1, Failed: failed(refused)}, ending.Partial},
		{"none done, for the same reason", &ending.FleetError{Writes: true, Failed: failed(refused, refused)}, ending.Refused},
		{"none done, for several reasons", &ending.FleetError{Writes: true, Failed: failed(refused, ending.ErrDeclined)}, ending.Failed},
		{"nothing is done by a look", &ending.FleetError{Done: 1, Failed: failed(refused)}, ending.Refused},
		{"no time left", &ending.FleetError{Writes: true, Done: 1, Failed: failed(refused, ending.ErrTimeout)}, ending.Timeout},
	} {
		if got := ending.Code(test.err); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
