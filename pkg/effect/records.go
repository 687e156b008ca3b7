package effect

import (
	"fmt"
	"strconv"

	"provision/pkg/graph"
	"provision/pkg/network"
	"provision/pkg/observe"
)

// records is what happens to the flow logs that people may want to read later.
func (r region) records() []Effect {
	var all []Effect
	for _, step := range r.of(observe.LogGroups{}.Kind()) {
		if step.Action == graph.Delete {
			all = append(all, Effect{Kind: RecordsLost, Text: "the flow logs recorded so far are deleted with the log group " + step.ID})
		}
		if c, ok := change(step, observe.FieldRetention); ok && shorter(c) {
			all = append(all, Effect{
				Kind: RecordsLost, From: c.From, To: c.To,
				Text: fmt.Sprintf("flow logs older than %s days are deleted from the log group %s", c.To, step.ID),
			})
		}
	}
	for _, step := range r.of(network.FlowLogs{}.Kind()) {
		if step.Action == graph.Replace && !step.CreateFirst {
			all = append(all, Effect{
				Kind: RecordsLost, Text: "traffic is not recorded for some seconds, until the new flow log is there",
			})
		}
	}
	return all
}

// shorter says whether records are kept for less time than before; 0 days is for ever.
func shorter(c graph.Change) bool {
	from, _ := strconv.Atoi(c.From) // both are a log group's
	to, _ := strconv.Atoi(c.To)
	return to != 0 && (from == 0 || to < from)
}
