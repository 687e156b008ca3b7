package reliability

import (
	"os"
	"strconv"
	"testing"
)

// seeds are a sample of short, or longer in a long run, or the one that PROVISION_SEED names. The name of a test that
// failed ends with its seed; the command that replays it is printed.
func seeds(t *testing.T, short, longer int) []uint64 {
	t.Helper()
	if text := os.Getenv("PROVISION_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("PROVISION_SEED: %v", err)
		}
		return []uint64{seed}
	}
	n := sample(short)
	if long() {
		n = longer
	}
	all := make([]uint64, n)
	for i := range all {
		all[i] = uint64(i) + 1
	}
	return all
}

// replayable prints the command that runs this very case again, if it fails.
func replayable(t *testing.T, test string, seed uint64) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("replay: PROVISION_SEED=%d go test -run '^%s$' ./integration/reliability", seed, test)
		}
	})
}
