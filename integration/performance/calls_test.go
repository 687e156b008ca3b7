package performance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"provision/pkg/cloud"
)

// callLog gathers the calls of a run.
type callLog struct {
	mu    sync.Mutex
	calls []cloud.Call
}

func (l *callLog) add(c cloud.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
}

// take empties the log.
func (l *callLog) take() []cloud.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	calls := l.calls
	l.calls = nil
	return calls
}

// regional leaves out what a stack calls once, however many regions it has: IAM, STS, and before the role goes one look
// into each other region that the account has enabled.
func (m measured) regional() []cloud.Call {
	return slices.DeleteFunc(slices.Clone(m.calls), func(c cloud.Call) bool {
		return c.Service == "IAM" || c.Service == "STS" || m.elsewhere(c)
	})
}

// elsewhere says whether a call looks for the stack in regions that are not its own.
func (m measured) elsewhere(c cloud.Call) bool {
	return c.Operation == "DescribeRegions" || c.Operation == "DescribeTags" && !slices.Contains(m.regions, c.Region)
}

// writes are the calls that change something.
func writes(calls []cloud.Call) int {
	n := 0
	for _, c := range calls {
		if c.Mutating {
			n++
		}
	}
	return n
}

// chain is the longest row of calls each of which started after the one before had ended.
func chain(calls []cloud.Call) (row []cloud.Call) {
	calls = slices.SortedFunc(slices.Values(calls), func(a, b cloud.Call) int { return a.Time.Compare(b.Time) })
	length, before := make([]int, len(calls)), make([]int, len(calls))
	last := -1
	for i, c := range calls {
		before[i] = -1
		for j, earlier := range calls[:i] {
			if !earlier.Time.Add(earlier.Took).After(c.Time) && length[j] > length[i]-1 {
				length[i], before[i] = length[j], j
			}
		}
		length[i]++
		if last < 0 || length[i] > length[last] {
			last = i
		}
	}
	for i := last; i >= 0; i = before[i] {
		row = append(row, calls[i])
	}
	slices.Reverse(row)
	return row
}

func names(calls []cloud.Call) string {
	var all []string
	for _, c := range calls {
		all = append(all, c.Operation)
	}
	return strings.Join(all, " → ")
}

// table counts the calls by name, for messages.
func table(calls []cloud.Call) string {
	counts := map[string]int{}
	for _, c := range calls {
		counts[c.Service+":"+c.Operation]++
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&text, "%4d %s\n", counts[name], name)
	}
	return text.String()
}
