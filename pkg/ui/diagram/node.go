package diagram

import (
	"fmt"
	"strings"

	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
)

func node(step graph.Step) Node {
	n := Node{Key: step.Key, ID: step.ID, Title: title(step), Word: step.Phase.String(), Facts: facts(step.Observed)}
	n.State = map[graph.Phase]State{
		graph.Ready: Ready, graph.Pending: Busy, graph.Leaving: Busy, graph.Failed: Failed,
	}[step.Phase]
	switch step.Action {
	case graph.Create:
		n.State, n.Word = Missing, "to create"
	case graph.Delete:
		n.State, n.Word = Unwanted, "to delete"
	case graph.Replace:
		n.State, n.Word = Replaced, step.Phase.String()+", to replace"
	case graph.Update:
		n.State, n.Word = Differs, "to update"
	case graph.Keep, graph.Wait:
	}
	if step.Why != "" {
		n.Facts = append(n.Facts, step.Why)
	}
	for _, c := range step.Changes {
		if step.Action == graph.Update {
			n.Changes = append(n.Changes, fmt.Sprintf("%s: %s → %s", c.Field, orNone(c.From), orNone(c.To)))
		}
	}
	return n
}

func title(step graph.Step) string {
	return strings.TrimSpace(kinds.Of(step).Title + " " + step.Key.Name())
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// facts are what is worth knowing of a thing besides its ID, as observed.
func facts(o graph.Observed) []string {
	if o, ok := o.(kind.Telling); ok {
		return o.Facts()
	}
	return nil
}
