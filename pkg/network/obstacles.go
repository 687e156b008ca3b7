package network

import (
	"context"
	"slices"

	"provision/pkg/graph"
)

// Obstacles implements [graph.Guarded]: what others have in the VPC, and every network interface that does not go with
// something of the stack's. AWS refuses to delete a subnet, a group, the internet gateway or the VPC because of them, each of
// which comes after the instances and the load balancer are gone.
func (k VPCs) Obstacles(ctx context.Context, s *graph.Look, o VPCState) ([]graph.Blocker, error) {
	var inside, interfaces []graph.Blocker
	err := sideBySide(
		func() (err error) { inside, _, err = strangers(ctx, k.API, k.Keepers, o); return err },
		func() (err error) {
			all := func(networkInterface) bool { return true }
			interfaces, err = interfaceBlockers(ctx, s, k.API, k.Keepers, o.ID, all)
			return err
		},
	)
	var obstacles []graph.Blocker
	for _, h := range slices.Concat(interfaces, inside) { // an interface tells more of what it belongs to
		named := slices.ContainsFunc(obstacles, func(other graph.Blocker) bool { return other.ID == h.ID })
		if !h.Passing && !named && !goes(s, h.ID) {
			obstacles = append(obstacles, h)
		}
	}
	return obstacles, err
}
