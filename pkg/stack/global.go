package stack

import (
	"provision/pkg/access"
	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// instanceProfile is both the key of the resource and of the gate that the regions' instances wait at.
const instanceProfile graph.Key = "instance-profile"

func (s *Stack) addRole(g *graph.Graph, facts state.Facts) {
	clients := s.Cloud.Region(s.Regions[0])
	roles, profiles := access.RoleKind.In(clients, s.Name()), access.InstanceProfileKind.In(clients, s.Name())
	meta := func(key graph.Key) graph.Meta {
		return graph.Meta{Is: key, Labels: s.tags(s.Config.Tags, facts, key)}
	}
	role := graph.Add(g, access.Role{Roles: roles, Meta: meta("iam-role"), Partition: cloud.Partition(s.Regions[0])})
	graph.Add(g, access.InstanceProfile{InstanceProfiles: profiles, Meta: meta(instanceProfile), Role: role})
}
