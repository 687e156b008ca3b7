package reliability

import (
	"os"
	"slices"
)

// long says whether everything is to be run that there is, as `make test-long` does.
func long() bool { return os.Getenv("PROVISION_LONG") != "" }

// some are all of them in a long run, else about n, evenly spread, with the first and, of several, the last.
func some[T any](n int, all []T) []T {
	if long() || len(all) <= n {
		return all
	}
	var chosen []T
	for i := range n {
		chosen = append(chosen, all[i*(len(all)-1)/max(n-1, 1)])
	}
	return slices.Clip(chosen)
}
