package main

import (
	"fmt"
	"slices"
	"strings"
)

// mentionOthers names the regions of the state that this run leaves alone.
func (s *session) mentionOthers(t terminal) {
	others := slices.DeleteFunc(s.stack.Record.Document().RegionNames(), func(region string) bool {
		return slices.Contains(s.stack.Regions, region)
	})
	if len(others) > 0 {
		fmt.Fprintf(t.err, "Left alone, since this run is not for them: %s\n", strings.Join(others, ", "))
	}
}
