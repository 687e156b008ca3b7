package performance

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

var update = flag.Bool("update", false, "write what is measured to testdata, instead of comparing with it")

// slow is a round trip so long that AWS is done with everything by the time of the first look. Then the longest chain
// of calls has no waits in it but one look for each, and the numbers are exact: no look is in vain.
const slow = 6 * time.Minute

var natModes = []string{"per-az", "single", "regional", "none"}

// The regression gate: exact numbers of calls and of round trips in a row, for each NAT mode. -update rewrites them.
func TestCallsAndChains(t *testing.T) {
	const golden = "testdata/" + CountsFile
	want := map[string]Counts{}
	readJSON(t, golden, &want)
	for _, mode := range natModes {
		t.Run(mode, func(t *testing.T) {
			var got Counts
			synctest.Test(t, func(t *testing.T) { got = countAll(t, mode) })
			if diff := cmp.Diff(want[mode], got); diff != "" && !*update {
				t.Errorf("calls and chains (-want +got):\n%s", diff)
			}
			want[mode] = got
			atMost(t, "calls of up", got.Up.Measured.Calls(), got.Up.Floor.Calls()*110/100)
			atMost(t, "chain of up", got.Up.Measured.Chain, got.Up.Floor.Chain+1)
			atMost(t, "calls of an idle up", got.Idle.Measured.Calls(), 16)
			atMost(t, "chain of an idle up", got.Idle.Measured.Chain, 2)
			atMost(t, "calls of down", got.Down.Measured.Calls(), got.Down.Floor.Calls()*115/100)
		})
	}
	if *update {
		writeJSON(t, golden, want)
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
	row := chain(slices.DeleteFunc(slices.Clone(m.calls), func(c cloud.Call) bool { return c.Service == "IAM" }))
	t.Logf("%s: %d calls\n%s%d in a row: %s", what, len(calls), table(calls), len(row), names(row))
	return Floor{Writes: writes(calls), Reads: len(calls) - writes(calls), Chain: len(row)}
}

func writeJSON(t *testing.T, path string, value any) {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readJSON(t *testing.T, path string, value any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, value); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
