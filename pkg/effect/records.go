package effect

import (
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
