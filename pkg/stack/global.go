package stack

import (
	"provision/pkg/access"
	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// instanceProfile is both the key of the resource and of the gate that the regions' instances wait at.
const instanceProfile graph.Key = "instance-profile"

// globalGraph is what a stack has once: the role that its instances have, for Session Manager. Removal needs the kinds
// only.
func (s *Stack) globalGraph() *graph.Graph {
	roles, profiles := s.accessKinds()
	g := graph.New(state.Global)
	graph.AddKind(g, profiles)
	graph.AddKind(g, roles, string(instanceProfile))
	return g
}

func (s *Stack) addRole(g *graph.Graph, facts state.Facts) {
	roles, profiles := s.accessKinds()
	meta := func(key graph.Key) graph.Meta {
		return graph.Meta{Is: key, Labels: s.tags(s.Config.Tags, facts, key)}
	}
	role := graph.Add(g, access.Role{Roles: roles, Meta: meta("iam-role"), Partition: cloud.Partition(s.Regions[0])})
	graph.Add(g, access.InstanceProfile{InstanceProfiles: profiles, Meta: meta(instanceProfile), Role: role})
}

func (s *Stack) accessKinds() (access.Roles, access.InstanceProfiles) {
	api := s.Cloud.IAM(s.Regions[0])
	return access.Roles{API: api, Name: s.Name()}, access.InstanceProfiles{API: api, Name: s.Name()}
}
