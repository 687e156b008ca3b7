package performance

import (
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"provision/integration/golden"
	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

// slow is a round trip so long that AWS is done with everything by the time of the first look. Then the longest chain
// of calls has no waits in it but one look for each, and the numbers are exact: no look is in vain.
const slow = 6 * time.Minute

var natModes = []string{"per-az", "single", "regional", "none"}

// The regression gate: exact numbers of calls and of round trips in a row, for each NAT mode, and how far above the least
// possible they may be at all. -update rewrites the numbers; with -v, each call is told.
func TestCallsAndChains(t *testing.T) {
	counts := map[string]Counts{}
	for _, mode := range natModes {
		t.Run(mode, func(t *testing.T) {
			var got Counts
			synctest.Test(t, func(t *testing.T) { got = countAll(t, mode) })
			counts[mode] = got
			atMost(t, "calls of up", got.Up.Measured.Calls(), got.Up.Floor.Calls()*110/100)
			atMost(t, "chain of up", got.Up.Measured.Chain, got.Up.Floor.Chain+1)
			atMost(t, "calls of an idle up", got.Idle.Measured.Calls(), got.Idle.Floor.Calls())
			atMost(t, "chain of an idle up", got.Idle.Measured.Chain, got.Idle.Floor.Chain)
			atMost(t, "calls of down", got.Down.Measured.Calls(), got.Down.Floor.Calls()*115/100)
		})
	}
	if len(counts) == len(natModes) { // and none was left out by -run
		golden.File(t, "testdata/"+CountsFile, toJSON(t, counts))
	}
}

func atMost(t *testing.T, what string, got, limit int) {
	t.Helper()
	if got > limit {
		t.Errorf("%s: %d, want %d at most", what, got, limit)
	}
}

func countAll(t *testing.T, mode string) Counts {
	w := newWorld(t, sandbox.Options{Latency: slow}, "eu-west-1")
	w.settle(t, "defaults: {network: {nat: "+mode+"}}")
	all := Counts{}
	all.Up.Measured = w.counted(t, mode+" up", w.measure(t, "up", w.up))
	all.Up.Floor = upFloor(w.plan)
	all.Idle.Measured = w.counted(t, mode+" idle up", w.measure(t, "idle up", w.up))
	all.Idle.Floor = idleFloor(w.plan)
	if plan := w.counted(t, mode+" plan", w.measure(t, "plan", w.onlyPlan)); plan != all.Idle.Measured {
		t.Errorf("%s: a plan takes %+v, and an idle up %+v", mode, plan, all.Idle.Measured)
	}
	all.Down.Measured = w.counted(t, mode+" down", w.measure(t, "down", w.down))
	all.Down.Floor = downFloor(w.removal, w.plan.Regions[0].Plan.Kinds())
	return all
}

// counted leaves out the role, which a stack has once: it is created in parallel with the region, and removed after the
// last.
func (w *world) counted(t *testing.T, what string, m measured) Floor {
	t.Helper()
	calls := m.regional()
	row := chain(slices.DeleteFunc(slices.Clone(m.calls), func(c cloud.Call) bool { return c.Service == "IAM" || m.elsewhere(c) }))
	if testing.Verbose() { // hundreds of lines
		t.Logf("%s: %d calls\n%s%d in a row: %s", what, len(calls), table(calls), len(row), names(row))
	}
	return Floor{Writes: writes(calls), Reads: len(calls) - writes(calls), Chain: len(row)}
}

func toJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}
