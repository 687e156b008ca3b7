package proxy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Calls are calls in the order of their arrival.
type Calls []Call

// In returns those to the region.
func (c Calls) In(region string) Calls {
	return c.where(func(call Call) bool { return call.Region == region })
}

// Named returns those of that service and action, such as ec2:CreateVpc; ec2:* are all of EC2.
func (c Calls) Named(name string) Calls {
	return c.where(func(call Call) bool { return matches(name, call.Name()) })
}

// By returns those of the account.
func (c Calls) By(account string) Calls {
	return c.where(func(call Call) bool { return call.Account == account })
}

// Mutating returns those that are not reads, whether or not they succeeded.
func (c Calls) Mutating() Calls { return c.where(func(call Call) bool { return call.Mutating }) }

// Names lists the service and action of each.
func (c Calls) Names() []string {
	names := make([]string, len(c))
	for i, call := range c {
		names[i] = call.Name()
	}
	return names
}

// Count says how many there are by region, then by service and action.
func (c Calls) Count() map[string]map[string]int {
	count := map[string]map[string]int{}
	for _, call := range c {
		if count[call.Region] == nil {
			count[call.Region] = map[string]int{}
		}
		count[call.Region][call.Name()]++
	}
	return count
}

// String is a table for a test's log: a line per region with its total, and one per action in it.
func (c Calls) String() string {
	var text strings.Builder
	count := c.Count()
	for _, region := range slices.Sorted(maps.Keys(count)) {
		in := c.In(region)
		fmt.Fprintf(&text, "%s: %d calls, %d mutating\n", region, len(in), len(in.Mutating()))
		for _, name := range slices.Sorted(maps.Keys(count[region])) {
			fmt.Fprintf(&text, "  %4d %s\n", count[region][name], name)
		}
	}
	return text.String()
}

func (c Calls) where(keep func(Call) bool) Calls {
	var kept Calls
	for _, call := range c {
		if keep(call) {
			kept = append(kept, call)
		}
	}
	return kept
}

// matches compares a pattern such as ec2:CreateVpc, ec2:* or nothing, which matches all.
func matches(pattern, name string) bool {
	prefix, all := strings.CutSuffix(pattern, "*")
	return pattern == "" || pattern == name || all && strings.HasPrefix(name, prefix)
}
