package config

import (
	"fmt"
	"slices"
	"strings"
)

// DidYouMean is a hint that names the candidate nearest to what was written, or "" if none is near.
func DidYouMean(written string, candidates []string) string {
	written = strings.ToLower(written)
	best, least := "", 1+min(3, max(1, len(written)/3))
	for _, candidate := range candidates {
		if max(len(written)-len(candidate), len(candidate)-len(written)) >= least {
			continue
		}
		if d := distance(written, candidate); d < least {
			best, least = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// distance is the number of characters to insert, delete, replace or swap with their neighbour to turn a into b
// (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	beforeLast, last := make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row := make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			replaced := last[j-1]
			if s[i-1] != t[j-1] {
				replaced++
			}
			row[j] = slices.Min([]int{last[j] + 1, row[j-1] + 1, replaced})
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], beforeLast[j-2]+1)
			}
		}
		beforeLast, last = last, row
	}
	return last[len(t)]
}

// OneOf lists the values that a setting or a flag allows: "table, json or yaml".
func OneOf(allowed []string) string {
	last := len(allowed) - 1
	if last < 1 {
		return strings.Join(allowed, "")
	}
	return strings.Join(allowed[:last], ", ") + " or " + allowed[last]
}
