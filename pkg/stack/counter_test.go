package stack_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// counter counts the calls of a run, and keeps its events for the message of a failure.
type counter struct {
	mu     sync.Mutex
	calls  map[string]int // by "region service:Action"
	wrote  map[string]int // those that changed something
	writes int
	events []string
}

func (c *counter) add(call cloud.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls, c.wrote = map[string]int{}, map[string]int{}
	}
	name := fmt.Sprintf("%s %s:%s", call.Region, call.Service, call.Operation)
	c.calls[name]++
	if call.Mutating {
		c.wrote[name]++
		c.writes++
	}
}

func (c *counter) event(e graph.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, fmt.Sprintf("%s %s %s %s %s", e.Region, e.Type, e.Key, e.ID, e.Detail))
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls, c.wrote, c.writes, c.events = nil, nil, 0, nil
}

// in is how many calls were made in a region, and a list of them.
func (c *counter) in(region string) (total int, list string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(c.calls)) {
		if strings.HasPrefix(name, region+" ") {
			total += c.calls[name]
			lines = append(lines, fmt.Sprintf("%3d %s", c.calls[name], name))
		}
	}
	return total, strings.Join(lines, "\n")
}
