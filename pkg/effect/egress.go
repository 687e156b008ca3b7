package effect

import (
	"fmt"
	"slices"
	"strings"

	"provision/pkg/graph"
	"provision/pkg/network"
)

// defaultRoute is the field of a route table that says where everything else goes.
const defaultRoute = "route 0.0.0.0/0"

// egress is what happens to the way out of the private subnets, and to the addresses that others see.
func (r region) egress() []Effect {
	lost, moved := r.privateRoutes()
	var all []Effect
	if len(lost) > 0 {
		all = append(all, Effect{
			Kind: EgressLost,
			Text: fmt.Sprintf("instances in %s lose their route to the internet", zones(lost)),
		})
	}
	old, kept, created := r.addresses()
	switch {
	case len(old) > 0:
		all = append(all, Effect{
			Kind: Addresses, From: strings.Join(old, ", "), To: strings.Join(kept, ", "),
			Text: "source addresses are released, and firewalls that allow them stop matching: " + strings.Join(old, ", "),
		})
	case len(moved) > 0:
		all = append(all, Effect{
			Kind: Addresses,
			Text: fmt.Sprintf("requests from instances in %s come from other addresses, and their connections break", zones(moved)),
		})
	case created > 0:
		all = append(all, Effect{
			Kind: Addresses,
			Text: fmt.Sprintf("%s more, from which requests will come", plurals(created, "source address")),
		})
	}
	return all
}

// privateRoutes are the zones whose private subnets lose their default route, and those in which it changes.
func (r region) privateRoutes() (lost, moved []string) {
	for _, table := range r.of(network.RouteTables{}.Kind()) {
		letter, private := strings.CutPrefix(table.Key.Name(), "private-")
		if !private {
			continue
		}
		c, changes := change(table, defaultRoute)
		switch {
		case !changes || c.From == "" || strings.Contains(c.From, "blackhole"):
		case c.To == "":
			lost = append(lost, letter)
		default:
			moved = append(moved, letter)
		}
	}
	return lost, moved
}

// addresses are the addresses that go and that stay, and how many are allocated: elastic ones, and those that AWS gives to
// a regional NAT gateway, one in each zone.
func (r region) addresses() (old, kept []string, created int) {
	for _, step := range r.of(network.ElasticIPs{}.Kind()) {
		address, _ := step.Observed.(network.ElasticIPState)
		switch {
		case step.Action == graph.Create:
			created++
		case !stays(step) || step.Action == graph.Replace:
			old = append(old, address.PublicIP)
		default:
			kept = append(kept, address.PublicIP)
		}
	}
	for _, step := range r.of(network.NATGateways{}.Kind()) {
		gateway, _ := step.Observed.(network.NATGatewayState)
		switch {
		case !regional(step):
		case step.Action == graph.Create:
			_, zones := r.privateZones()
			created += zones
		case !stays(step) || step.Action == graph.Replace:
			old = append(old, gateway.Addresses...)
		default:
			kept = append(kept, gateway.Addresses...)
		}
	}
	slices.Sort(old)
	slices.Sort(kept)
	return old, kept, created
}

// zones names the zones of some letters.
func zones(letters []string) string {
	if len(letters) == 1 {
		return "zone " + letters[0]
	}
	return "zones " + strings.Join(letters, ", ")
}
