package stack

import (
	"context"
	"slices"
	"strings"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/network"
)

// Obstacles are what would stop a part's removal half-way, when the instances and the load balancer are gone already. The
// group's instances go with it.
func (s *Stack) Obstacles(ctx context.Context, part *RemovalPart) []graph.Obstacle {
	var members []string
	for _, step := range part.Removal.Steps {
		if group, ok := step.Observed.(compute.AutoScalingGroupState); ok {
			for _, member := range group.Members {
				members = append(members, member.ID)
			}
		}
	}
	all := s.engine(part.Region).Obstacles(ctx, part.Removal, members...)
	if s.RemoveGuardDuty {
		for i := range all {
			all[i].By = slices.DeleteFunc(all[i].By, func(h graph.Blocker) bool { return strings.HasPrefix(h.Owner, network.GuardDuty) })
		}
	}
	return slices.DeleteFunc(all, func(o graph.Obstacle) bool { return len(o.By) == 0 && o.Err == nil })
}
