package stack

import (
	"fmt"
	"slices"
	"strings"
)

// Dropped are regions of the state that the settings list no more: no run works on them, and what is there runs on.
type Dropped struct {
	Regions []string
	Target  string // of a fleet; empty: the settings are those of a single stack
}

// Remove is the command that removes what is there.
func (d Dropped) Remove() string {
	command := "provision down --regions " + strings.Join(d.Regions, ",")
	if d.Target != "" {
		command += " --targets " + d.Target
	}
	return command
}

// String is empty where none is dropped.
func (d Dropped) String() string {
	switch len(d.Regions) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s is no longer among the regions of the settings, and its stack runs on: `%s` removes it",
			d.Regions[0], d.Remove())
	}
	return fmt.Sprintf("%s are no longer among the regions of the settings, and their stacks run on: `%s` removes them",
		strings.Join(d.Regions, ", "), d.Remove())
}

// dropped compares the state with what the settings list. Where they list none, the state's regions are those of the stack.
func (s *Stack) dropped() Dropped {
	d, listed := Dropped{Target: s.Config.Target.Name}, s.Config.Listed()
	if len(listed) == 0 {
		return d
	}
	for _, region := range s.Record.Document().RegionNames() {
		if s.knows(region) && !slices.Contains(listed, region) && !slices.Contains(s.Regions, region) {
			d.Regions = append(d.Regions, region)
		}
	}
	return d
}
