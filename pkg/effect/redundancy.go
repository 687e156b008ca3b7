package effect

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
	"provision/pkg/network"
)

// redundancy is what the stack can lose afterwards without stopping: zones and NAT gateways.
func (r region) redundancy() []Effect {
	var all []Effect
	if c, ok := change(r.step["auto-scaling-group"], "group subnets"); ok && listed(c.To) < listed(c.From) {
		from, to := listed(c.From), listed(c.To)
		all = append(all, Effect{
			Kind: Redundancy, From: strconv.Itoa(from), To: strconv.Itoa(to),
			Text: fmt.Sprintf("instances run in %s instead of %d", plural(to, "zone"), from),
		})
	}
	from, to := r.ways()
	if to > 0 && to < from {
		text := fmt.Sprintf("NAT gateways in %s instead of %d", plural(to, "zone"), from)
		if to == 1 {
			text += ": the loss of that zone cuts off all instances from the internet"
		}
		all = append(all, Effect{Kind: Redundancy, From: strconv.Itoa(from), To: strconv.Itoa(to), Text: text})
	}
	return all
}

// ways are the zones that have a NAT gateway before and after the plan. A regional one is in all of them.
func (r region) ways() (from, to int) {
	zonesBefore, zonesAfter := r.privateZones()
	for _, step := range r.of(network.NATGateways{}.Kind()) {
		before, after := 1, 1
		if regional(step) {
			before, after = zonesBefore, zonesAfter
		}
		if there(step) {
			from += before
		}
		if stays(step) {
			to += after
		}
	}
	return from, to
}

// regional says whether a step is about a regional NAT gateway.
func regional(step graph.Step) bool {
	if o, ok := step.Observed.(network.NATGatewayState); ok {
		return o.Mode == types.AvailabilityModeRegional
	}
	return step.Key == "nat-gateway/regional"
}

// privateZones are how many zones have a private subnet before and after the plan.
func (r region) privateZones() (before, after int) {
	for _, step := range r.of(network.Subnets{}.Kind()) {
		if !strings.HasPrefix(step.Key.Name(), "private-") {
			continue
		}
		if there(step) {
			before++
		}
		if stays(step) {
			after++
		}
	}
	return before, after
}
