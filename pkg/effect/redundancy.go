package effect

import (
	"fmt"
	"strconv"

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
	from, to := 0, 0
	for _, step := range r.of(network.NATGateways{}.Kind()) {
		if there(step) {
			from++
		}
		if stays(step) {
			to++
		}
	}
	if to > 0 && to < from {
		all = append(all, Effect{
			Kind: Redundancy, From: strconv.Itoa(from), To: strconv.Itoa(to),
			Text: fmt.Sprintf("%s instead of %d: the loss of one zone can cut off all instances from the internet", plural(to, "NAT gateway"), from),
		})
	}
	return all
}
