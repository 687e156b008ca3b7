package ui

import (
	"fmt"
	"io"
	"strconv"

	"provision/pkg/stack"
	"provision/pkg/state"
)

// Outcome shows how each region ended, and its URL.
func Outcome(w io.Writer, o stack.Outcome) {
	t := &table{}
	t.head("REGION", "RESULT", "HEALTHY", "URL")
	for _, r := range o.Results {
		switch {
		case r.Err != nil:
			t.add(r.Region, red.Render("failed"), "", r.URL)
		case r.Region != state.Global:
			t.add(r.Region, green.Render("done"), strconv.Itoa(r.Healthy), r.URL)
		}
	}
	t.print(w, "")
	for _, r := range o.Results {
		for _, i := range r.Spare {
			fmt.Fprintf(w, "%s %s: %s %s carries this stack's tags but is not in its state; `provision sweep` removes it\n",
				yellow.Render("!"), r.Region, i.Key(), i.ID)
		}
	}
}

// Removed shows how each region's removal ended.
func Removed(w io.Writer, o stack.Outcome) {
	t := &table{}
	t.head("REGION", "RESULT")
	for _, r := range o.Results {
		if r.Err != nil {
			t.add(r.Region, red.Render("failed"))
			continue
		}
		t.add(r.Region, green.Render("nothing is left"))
	}
	t.print(w, "")
}
