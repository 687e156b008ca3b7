package effect

import (
	"net/netip"
	"strings"

	"provision/pkg/network"
)

// doors are what the load balancer's security group lets in after the plan and did not before.
func (r region) doors() []Effect {
	var all []Effect
	for _, step := range r.of(network.SecurityGroups{}.Kind()) {
		if !there(step) {
			continue
		}
		for _, c := range step.Changes {
			rule, ingress := strings.CutPrefix(c.Field, "ingress ")
			if ingress && c.From == "" && fromAddresses(rule) {
				all = append(all, Effect{Kind: Opened, To: rule, Text: string(step.Key) + " lets in " + rule})
			}
		}
	}
	return all
}

// fromAddresses says whether a rule lets in a range of addresses, and not another group of the stack's.
func fromAddresses(rule string) bool {
	_, source, _ := strings.Cut(rule, " from ")
	_, err := netip.ParsePrefix(source)
	return err == nil
}
