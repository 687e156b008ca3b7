package lifecycle

import "testing"

// Flow logs are turned on, kept longer, replaced and turned off. That another type of traffic is recorded before the old flow
// log goes is tested on the sandbox only: LocalStack allows one flow log for each VPC and log group.
func TestFlowLogs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	settings := func(flowLogs string) {
		w.settings("defaults: {network: {nat: none, flow_logs: {" + flowLogs + "}}}\n")
	}
	bare := whole().but(count{"elastic-ip": 0, "nat-gateway": 0})
	logged := bare.but(count{"flow-log": 1, "log-group": 1})

	settings("traffic: none")
	w.up().ends(done)
	w.has(w.made(), home, bare)

	settings("traffic: reject")
	w.plan().ends(changes).differs(home, "create log-group", "create flow-log").writesNothing()
	w.up().ends(done)
	w.plan().ends(done).writesNothing()
	w.has(w.made(), home, logged)

	settings("traffic: reject, retention_days: 30")
	w.plan().ends(changes).differs(home, "update log-group: retentionInDays")
	w.up().ends(done)

	settings("traffic: reject, retention_days: 30, interval: 1m")
	w.plan().ends(changes).differs(home, "replace flow-log: maxAggregationInterval")
	w.up().ends(done)
	w.plan().ends(done).writesNothing()
	w.has(w.made(), home, logged)

	settings("traffic: none")
	w.up().ends(done)
	w.has(w.made(), home, bare)

	settings("traffic: reject")
	w.up().ends(done)
	w.down().ends(done)
	w.isEmpty()
}
