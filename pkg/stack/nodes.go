package stack

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"provision/pkg/compute"
	"provision/pkg/graph"
)

// Node is one of the stack's instances.
type Node struct {
	Region    string
	Member    compute.Member
	Reachable bool // by Session Manager
}

// Nodes are the instances of the stack's Auto Scaling groups, in the order of the regions.
func (s *Stack) Nodes(ctx context.Context) ([]Node, error) {
	regions := make([][]Node, len(s.Regions))
	group, ctx := errgroup.WithContext(ctx)
	for i, region := range s.Regions {
		group.Go(func() (err error) {
			if regions[i], err = s.nodesOf(ctx, region); err != nil {
				err = fmt.Errorf("%s: %w", region, err)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var all []Node
	for _, nodes := range regions {
		all = append(all, nodes...)
	}
	return all, nil
}

func (s *Stack) nodesOf(ctx context.Context, region string) ([]Node, error) {
	clients := s.Cloud.Region(region)
	g := graph.New(region)
	graph.AddKind(g, compute.AutoScalingGroups{API: clients.AutoScaling, Name: s.Name()})
	groups, err := s.engine(region).Survey(ctx, g)
	if err != nil {
		return nil, err
	}
	var nodes []Node
	var ids []string
	for _, step := range groups {
		group, ok := step.Observed.(compute.AutoScalingGroupState)
		if !ok || !s.owner().Owns(group.Identity) {
			continue
		}
		for _, member := range group.Members {
			nodes, ids = append(nodes, Node{Region: region, Member: member}), append(ids, member.ID)
		}
	}
	reachable, err := compute.Reachable(ctx, clients.SSM, ids)
	for i := range nodes {
		nodes[i].Reachable = reachable[nodes[i].Member.ID]
	}
	return nodes, err
}
