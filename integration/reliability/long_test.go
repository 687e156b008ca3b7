package reliability

import (
	"os"
	"slices"

	"provision/integration/program"
)

// long reports whether to run every case, as `make test-long` does.
func long() bool { return os.Getenv("PROVISION_LONG") != "" }

// sample is how many of n cases are run. Most data races show in any case, and with the detector each costs four times as
// much.
func sample(n int) int {
	if program.Raced && !long() {
		return min(n, max(1, n/20))
	}
	return n
}

// some are all of them in a long run, else a sample of n, evenly spread, with the first and, of several, the last.
func some[T any](n int, all []T) []T {
	n = sample(n)
	if long() || len(all) <= n {
		return all
	}
	var chosen []T
	for i := range n {
		chosen = append(chosen, all[i*(len(all)-1)/max(n-1, 1)])
	}
	return slices.Clip(chosen)
}
