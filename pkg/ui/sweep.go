package ui

import (
	"fmt"
	"io"
	"strconv"

	"provision/pkg/ending"
	"provision/pkg/foreign"
	"provision/pkg/stack"
	"provision/pkg/ui/paint"
)

// Sweep lists what is in no state, region by region.
func Sweep(w io.Writer, found *stack.Removal) {
	t := &table{}
	for _, part := range found.Parts() {
		if part.Err != nil {
			fmt.Fprintf(w, "%s %s: %s\n", paint.Bad.Render("!"), part.Region, ending.Text(part.Err))
			continue
		}
		for _, s := range part.Removal.Steps {
			if len(t.rows) == 0 {
				t.head("REGION", "RESOURCE", "ID", "PHASE")
			}
			t.add(part.Region, foreign.Line(string(s.Key)), shortID(s.ID), s.Phase.String())
		}
	}
	if len(t.rows) == 0 {
		fmt.Fprintf(w, "Searched %s: all of the stack's resources are in its state.\n", counted(len(found.Regions), "region"))
		return
	}
	t.print(w, "")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
