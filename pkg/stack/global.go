package stack

import (
	"slices"

	"provision/pkg/access"
	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/observe"
	"provision/pkg/state"
)

// These are keys both of resources that a stack has once and of the gates at which resources of the regions wait for them.
const (
	instanceProfile graph.Key = "instance-profile"
	flowLogRole     graph.Key = "flow-log-role"
)

func (s *Stack) addRoles(g *graph.Graph, facts state.Facts) {
	clients, partition := s.Cloud.Region(s.Regions[0]), cloud.Partition(s.Regions[0])
	meta := func(key graph.Key) graph.Meta {
		return graph.Meta{Is: key, Labels: s.tags(s.Config.Tags, facts, key)}
	}
	role := graph.Add(g, access.Role{
		Roles: access.RoleKind.In(clients, s.Name()), Meta: meta("iam-role"), Partition: partition,
	})
	graph.Add(g, access.InstanceProfile{
		InstanceProfiles: access.InstanceProfileKind.In(clients, s.Name()), Meta: meta(instanceProfile), Role: role,
	})
	if s.flowLogsAnywhere() {
		graph.Add(g, access.FlowLogRole{
			FlowLogRoles: access.FlowLogRoleKind.In(clients, s.Name()), Meta: meta(flowLogRole), Partition: partition,
			Account: s.Record.Document().Account, LogGroup: observe.LogGroupName(s.Name()),
		})
	}
}

// flowLogsAnywhere reports whether the role of flow logs is needed: by a region of this run, or by one of another run, whose
// settings this one does not know.
func (s *Stack) flowLogsAnywhere() bool {
	if slices.Contains(Wanted(s.Config, s.Config.Regions...), access.FlowLogRoleKind.Setting) {
		return true
	}
	for region, known := range s.Record.Document().Regions {
		for key := range known.Resources {
			if key.Kind() == flowLogKey.Kind() && !slices.Contains(s.Config.Regions, region) {
				return true
			}
		}
	}
	return false
}
