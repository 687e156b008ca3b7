package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func computeKinds(api *ec2.Client) []kind {
	return []kind{
		{"launch-template", func(ctx context.Context) ([]item, error) { return launchTemplates(ctx, api) }},
		{"instance", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeInstancesPaginator(api, &ec2.DescribeInstancesInput{}), livingInstances,
				func(i types.Instance) *string { return i.InstanceId })
		}},
		{"volume", func(ctx context.Context) ([]item, error) {
			return collect(ctx, ec2.NewDescribeVolumesPaginator(api, &ec2.DescribeVolumesInput{}),
				func(o *ec2.DescribeVolumesOutput) []types.Volume { return o.Volumes },
				func(v types.Volume) *string { return v.VolumeId })
		}},
		{"key-pair", func(ctx context.Context) ([]item, error) {
			out, err := api.DescribeKeyPairs(ctx, &ec2.DescribeKeyPairsInput{})
			if err != nil {
				return nil, err
			}
			return items(out.KeyPairs, func(p types.KeyPairInfo) *string { return p.KeyPairId }), nil
		}},
	}
}

func groupKinds(api *autoscaling.Client) []kind {
	return []kind{
		{"auto-scaling-group", func(ctx context.Context) ([]item, error) {
			pages := autoscaling.NewDescribeAutoScalingGroupsPaginator(api, &autoscaling.DescribeAutoScalingGroupsInput{})
			return collect(ctx, pages,
				func(o *autoscaling.DescribeAutoScalingGroupsOutput) []scaling.AutoScalingGroup {
					return o.AutoScalingGroups
				},
				func(g scaling.AutoScalingGroup) *string { return g.AutoScalingGroupName })
		}},
		{"scaling-policy", func(ctx context.Context) ([]item, error) {
			return collect(ctx, autoscaling.NewDescribePoliciesPaginator(api, &autoscaling.DescribePoliciesInput{}),
				func(o *autoscaling.DescribePoliciesOutput) []scaling.ScalingPolicy { return o.ScalingPolicies },
				func(p scaling.ScalingPolicy) *string { return p.PolicyARN })
		}},
	}
}

// launchTemplates adds its versions to each.
func launchTemplates(ctx context.Context, api *ec2.Client) ([]item, error) {
	found, err := collect(ctx, ec2.NewDescribeLaunchTemplatesPaginator(api, &ec2.DescribeLaunchTemplatesInput{}),
		func(o *ec2.DescribeLaunchTemplatesOutput) []types.LaunchTemplate { return o.LaunchTemplates },
		func(t types.LaunchTemplate) *string { return t.LaunchTemplateId })
	if err != nil {
		return nil, err
	}
	for i := range found {
		input := &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: aws.String(found[i].id)}
		versions, err := collect(ctx, ec2.NewDescribeLaunchTemplateVersionsPaginator(api, input),
			func(o *ec2.DescribeLaunchTemplateVersionsOutput) []types.LaunchTemplateVersion {
				return o.LaunchTemplateVersions
			},
			func(v types.LaunchTemplateVersion) *string { return v.LaunchTemplateId })
		if err != nil {
			return nil, err
		}
		found[i].value = map[string]any{"LaunchTemplate": found[i].value, "Versions": values(versions)}
	}
	return found, nil
}

func livingInstances(o *ec2.DescribeInstancesOutput) []types.Instance {
	var living []types.Instance
	for _, reservation := range o.Reservations {
		living = append(living, without(reservation.Instances, func(i types.Instance) bool {
			return i.State != nil && i.State.Name == types.InstanceStateNameTerminated
		})...)
	}
	return living
}

func values(found []item) []any {
	out := make([]any, len(found))
	for i, item := range found {
		out[i] = item.value
	}
	return out
}
