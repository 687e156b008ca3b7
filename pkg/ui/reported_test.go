package ui

import (
	"bytes"
	"strings"
	"testing"

	"provision/pkg/graph"
	"provision/pkg/stack"
)

// protected is a region in which all is healthy and nothing is for `up` to do: others protected its load balancer.
func protected() *stack.StatusPart {
	part := standing()
	part.Targets = append(part.Targets, part.Targets[0])
	part.Targets[1].ID = "i-2"
	last := &part.Plan.Steps[len(part.Plan.Steps)-1]
	last.Reported = []graph.Change{{Field: "attribute deletion_protection.enabled", From: "true", To: "false"}}
	return part
}

// A region that others changed is not as wanted, whatever its tables are asked for, though `up` has nothing to do there.
func TestWhatOthersChangedIsCounted(t *testing.T) {
	const line = "load-balancer: attribute deletion_protection.enabled: true, instead of false (not ours to change)"
	s := &stack.Status{Regions: []*stack.StatusPart{protected()}}
	for name, show := range map[string]func(*bytes.Buffer){
		"status": func(w *bytes.Buffer) { Status(w, s) },
		"watch":  func(w *bytes.Buffer) { Watch(w, s) },
	} {
		got := shown(show)
		for _, want := range []string{"~ 1 difference ", line} {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not show %q:\n%s", name, want, got)
			}
		}
		if strings.Contains(got, "would do this") {
			t.Errorf("%s offers a change that `up` does not make:\n%s", name, got)
		}
	}
}
