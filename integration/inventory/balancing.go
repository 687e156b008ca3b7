package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func balancingKinds(api *elbv2.Client) []kind {
	return []kind{
		{"load-balancer", func(ctx context.Context) ([]item, error) { return loadBalancers(ctx, api) }},
		{"listener", func(ctx context.Context) ([]item, error) { return listeners(ctx, api) }},
		{"target-group", func(ctx context.Context) ([]item, error) { return targetGroups(ctx, api) }},
	}
}

func describeLoadBalancers(ctx context.Context, api *elbv2.Client) ([]item, error) {
	return collect(ctx, elbv2.NewDescribeLoadBalancersPaginator(api, &elbv2.DescribeLoadBalancersInput{}),
		func(o *elbv2.DescribeLoadBalancersOutput) []types.LoadBalancer { return o.LoadBalancers },
		func(b types.LoadBalancer) *string { return b.LoadBalancerArn })
}

// loadBalancers adds attributes and tags, which have calls of their own.
func loadBalancers(ctx context.Context, api *elbv2.Client) ([]item, error) {
	found, err := describeLoadBalancers(ctx, api)
	if err != nil {
		return nil, err
	}
	for i := range found {
		arn := aws.String(found[i].id)
		out, err := api.DescribeLoadBalancerAttributes(ctx, &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: arn})
		if err != nil {
			return nil, err
		}
		tags, err := balancingTags(ctx, api, found[i].id)
		if err != nil {
			return nil, err
		}
		found[i].value = map[string]any{"LoadBalancer": found[i].value, "Attributes": out.Attributes, "Tags": tags}
	}
	return found, nil
}

func listeners(ctx context.Context, api *elbv2.Client) ([]item, error) {
	balancers, err := describeLoadBalancers(ctx, api)
	if err != nil {
		return nil, err
	}
	var all []item
	for _, balancer := range balancers {
		input := &elbv2.DescribeListenersInput{LoadBalancerArn: aws.String(balancer.id)}
		found, err := collect(ctx, elbv2.NewDescribeListenersPaginator(api, input),
			func(o *elbv2.DescribeListenersOutput) []types.Listener { return o.Listeners },
			func(l types.Listener) *string { return l.ListenerArn })
		if err != nil {
			return nil, err
		}
		for i := range found {
			tags, err := balancingTags(ctx, api, found[i].id)
			if err != nil {
				return nil, err
			}
			found[i].value = map[string]any{"Listener": found[i].value, "Tags": tags}
		}
		all = append(all, found...)
	}
	return all, nil
}

// targetGroups adds attributes, targets and tags.
func targetGroups(ctx context.Context, api *elbv2.Client) ([]item, error) {
	found, err := collect(ctx, elbv2.NewDescribeTargetGroupsPaginator(api, &elbv2.DescribeTargetGroupsInput{}),
		func(o *elbv2.DescribeTargetGroupsOutput) []types.TargetGroup { return o.TargetGroups },
		func(g types.TargetGroup) *string { return g.TargetGroupArn })
	if err != nil {
		return nil, err
	}
	for i := range found {
		arn := aws.String(found[i].id)
		attributesInput := &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: arn}
		attributes, err := api.DescribeTargetGroupAttributes(ctx, attributesInput)
		if err != nil {
			return nil, err
		}
		health, err := api.DescribeTargetHealth(ctx, &elbv2.DescribeTargetHealthInput{TargetGroupArn: arn})
		if err != nil {
			return nil, err
		}
		tags, err := balancingTags(ctx, api, found[i].id)
		if err != nil {
			return nil, err
		}
		found[i].value = map[string]any{
			"TargetGroup": found[i].value, "Attributes": attributes.Attributes,
			"Targets": health.TargetHealthDescriptions, "Tags": tags,
		}
	}
	return found, nil
}

func balancingTags(ctx context.Context, api *elbv2.Client, arn string) ([]types.TagDescription, error) {
	out, err := api.DescribeTags(ctx, &elbv2.DescribeTagsInput{ResourceArns: []string{arn}})
	if err != nil {
		return nil, err
	}
	return out.TagDescriptions, nil
}
