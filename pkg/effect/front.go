package effect

import (
	"fmt"
	"slices"
	"strings"

	"provision/pkg/graph"
	"provision/pkg/lb"
)

// front is what happens to the name and the ports under which the load balancer answers.
func (r region) front() []Effect {
	balancer := r.step["load-balancer"]
	if balancer.Action == graph.Replace || balancer.Action == graph.Delete {
		return []Effect{{
			Kind: NameLost,
			Text: "the load balancer is replaced: it answers under another name, and not before it is ready",
		}}
	}
	if balancer.Action == graph.Create {
		return nil // it is gone already: the plan brings it back
	}
	before, after := r.ports()
	var all []Effect
	for _, port := range before {
		if !slices.Contains(after, port) {
			all = append(all, Effect{Kind: PortClosed, From: port, Text: "port " + port + " is closed: requests to it fail"})
		}
	}
	for _, step := range r.of(lb.Listeners{}.Kind()) {
		if c, ok := change(step, "defaultActions"); ok && strings.HasPrefix(c.To, "redirect") && !strings.HasPrefix(c.From, "redirect") {
			o, _ := step.Observed.(lb.ListenerState)
			all = append(all, Effect{Kind: Redirect, Text: fmt.Sprintf("port %d answers with a redirect to HTTPS", o.Port)})
		}
	}
	return all
}

// ports are those that listeners answer at before and after the plan.
func (r region) ports() (before, after []string) {
	for _, step := range r.of(lb.Listeners{}.Kind()) {
		port := ""
		if o, ok := step.Observed.(lb.ListenerState); ok && there(step) {
			port = fmt.Sprint(o.Port)
			before = append(before, port)
		}
		if c, ok := change(step, "port"); ok {
			port = c.To
		}
		if stays(step) && port != "" {
			after = append(after, port)
		}
	}
	return before, after
}
