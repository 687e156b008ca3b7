package lifecycle

import (
	"maps"

	"github.com/google/go-cmp/cmp"

	"provision/integration/inventory"
)

// count is how many there are of each kind.
type count map[string]int

// interfaces is the kind that is counted apart: LocalStack keeps the network interfaces of NAT gateways and instances that
// are gone for as long as their VPC, and makes one for a NAT gateway that it then refuses.
const interfaces = "network-interface"

// whole is one stack with the default settings in a region, by the kinds of package inventory. Each VPC brings a network
// ACL, a security group and a route table of its own. An instance has two volumes here: LocalStack knows the image's root
// device by another name than AWS does, so that it adds ours to its own.
func whole() count {
	return count{
		"vpc": 1, "subnet": 6, "internet-gateway": 1, "elastic-ip": 3, "nat-gateway": 3, "vpc-endpoint": 3,
		"route-table": 1 + 4, "network-acl": 1, "security-group": 1 + 3,
		"launch-template": 1, "auto-scaling-group": 1, "instance": 2, "volume": 2 * 2,
		"load-balancer": 1, "listener": 1, "target-group": 1,
	}
}

// but returns the counts with some of them replaced; 0 takes a kind out.
func (c count) but(others count) count {
	c = maps.Clone(c)
	maps.Copy(c, others)
	maps.DeleteFunc(c, func(_ string, n int) bool { return n == 0 })
	return c
}

// has requires that a region has just that, network interfaces apart.
func (w *world) has(made inventory.Inventory, region string, want count) {
	w.t.Helper()
	got := count(made.In(region).Count()).but(count{interfaces: 0})
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", region, diff)
	}
}

// isWhole requires exactly one whole stack in each region, and one role for all.
func (w *world) isWhole() {
	w.t.Helper()
	made := w.made()
	for _, region := range w.regions {
		w.has(made, region, whole())
	}
	w.has(made, inventory.Global, count{"iam-role": 1, "instance-profile": 1})
}
