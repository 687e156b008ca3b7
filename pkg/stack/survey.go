package stack

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/network"
	"provision/pkg/state"
)

// A survey asks EC2 for all resources with the owner's tag, which is one call: no resource created with that tag can
// hide from it. Some of them may no longer exist, so that the kinds it names, and only those, are listed again.

// left has the owner's resources that are still in the region after a successful removal. It does not ask again for
// those that the removal deleted, though their tags may be listed for an hour: only for those it did not know.
func (s *Stack) left(ctx context.Context, region string, removed *graph.Removal) ([]graph.Step, error) {
	if region == state.Global {
		return nil, nil // the deletions were answered, and IAM has no tombstones
	}
	tagged, err := s.tagged(ctx, region)
	if err != nil {
		return nil, err
	}
	gone := goneWith(removed)
	tagged = slices.DeleteFunc(tagged, func(t types.TagDescription) bool { return gone[aws.ToString(t.ResourceId)] })
	if len(tagged) == 0 {
		return nil, nil
	}
	removal, err := s.engine(region).PlanRemoval(ctx, s.surveyed(region, tagged))
	if err != nil {
		return nil, err
	}
	return append(removal.Steps, ofNoKind(tagged)...), nil
}

// ofNoKind are things of types that no kind has: a key pair, or the snapshots that a backup plan makes, which copy the
// tags of a volume. They are named and never deleted: something else made them.
func ofNoKind(tagged []types.TagDescription) []graph.Step {
	var steps []graph.Step
	for _, t := range tagged {
		if launched(t.ResourceType) || slices.ContainsFunc(kinds.All(), func(r kind.Registration) bool { return r.TaggedAs == t.ResourceType }) {
			continue
		}
		steps = append(steps, graph.Step{
			Key: graph.Key(t.ResourceType), ID: aws.ToString(t.ResourceId), Action: graph.Keep, Phase: graph.Ready,
			Why: "it carries the stack's tags, and provision deletes nothing of this type",
		})
	}
	return steps
}

// goneWith are the IDs of what a removal that went well took away. AWS deletes a VPC only when no instance is in it any
// more: with the VPC, the members of the group are gone.
func goneWith(removal *graph.Removal) map[string]bool {
	gone, members := map[string]bool{}, []compute.Member{}
	vpc := false
	for _, step := range removal.Steps {
		gone[step.ID] = true
		vpc = vpc || step.Key.Kind() == (network.VPCs{}).Kind()
		if group, ok := step.Observed.(compute.AutoScalingGroupState); ok {
			members = append(members, group.Members...)
		}
	}
	for _, member := range members {
		gone[member.ID] = vpc
	}
	return gone
}

// audit ends an `up`: things that carry the owner's tag and that the state does not know were doubled by something.
func (s *Stack) audit(ctx context.Context, region string) ([]graph.Identity, error) {
	tagged, err := s.tagged(ctx, region)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, entry := range s.Record.Journal(region).Entries() {
		known[entry.ID] = true
		for _, id := range entry.Former {
			known[id] = true
		}
	}
	unknown := slices.DeleteFunc(tagged, func(t types.TagDescription) bool {
		return known[aws.ToString(t.ResourceId)] || launched(t.ResourceType)
	})
	if len(unknown) == 0 {
		return nil, nil
	}
	removal, err := s.engine(region).PlanRemoval(ctx, s.surveyed(region, unknown))
	if err != nil {
		return nil, err
	}
	var spare []graph.Identity
	for _, step := range removal.Steps {
		if !known[step.ID] && step.Phase != graph.Leaving {
			spare = append(spare, step.Observed.Ident())
		}
	}
	return spare, nil
}

func (s *Stack) tagged(ctx context.Context, region string) ([]types.TagDescription, error) {
	pages := ec2.NewDescribeTagsPaginator(s.Cloud.Region(region).EC2, &ec2.DescribeTagsInput{Filters: []types.Filter{
		{Name: aws.String("key"), Values: []string{graph.TagOwner}},
		{Name: aws.String("value"), Values: []string{s.owner().ID}},
	}})
	var all []types.TagDescription
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: list the resources with the stack's tags: %w", region, err)
		}
		all = append(all, page.Tags...)
	}
	for i, tag := range all {
		if known, other := motosNames[tag.ResourceType]; other {
			all[i].ResourceType = known
		}
	}
	return all, nil
}

// motosNames are types that Moto, and with it LocalStack, calls by other names than EC2.
var motosNames = map[types.ResourceType]types.ResourceType{
	"vpc-elastic-ip": types.ResourceTypeElasticIp,
	"nat-gateway":    types.ResourceTypeNatgateway,
	"flow-logs":      types.ResourceTypeVpcFlowLog,
}

// launched reports whether the Auto Scaling group creates resources of a type on its own, in any number.
func launched(t types.ResourceType) bool {
	return t == types.ResourceTypeNetworkInterface || slices.ContainsFunc(kinds.All(), func(r kind.Registration) bool {
		return r.Launched && r.TaggedAs == t
	})
}

// surveyed is a graph of the kinds of what was found.
func (s *Stack) surveyed(region string, tagged []types.TagDescription) *graph.Graph {
	return s.graphOf(region, slices.DeleteFunc(kinds.All(), func(r kind.Registration) bool {
		return !slices.ContainsFunc(tagged, func(t types.TagDescription) bool { return t.ResourceType == r.TaggedAs })
	}))
}
