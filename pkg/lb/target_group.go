package lb

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// TargetGroupAPI is what this file calls.
type TargetGroupAPI interface {
	TagAPI
	elb.DescribeTargetGroupsAPIClient
	CreateTargetGroup(
		context.Context, *elb.CreateTargetGroupInput, ...func(*elb.Options),
	) (*elb.CreateTargetGroupOutput, error)
	ModifyTargetGroup(
		context.Context, *elb.ModifyTargetGroupInput, ...func(*elb.Options),
	) (*elb.ModifyTargetGroupOutput, error)
	DescribeTargetGroupAttributes(
		context.Context, *elb.DescribeTargetGroupAttributesInput, ...func(*elb.Options),
	) (*elb.DescribeTargetGroupAttributesOutput, error)
	ModifyTargetGroupAttributes(
		context.Context, *elb.ModifyTargetGroupAttributesInput, ...func(*elb.Options),
	) (*elb.ModifyTargetGroupAttributesOutput, error)
	DeleteTargetGroup(
		context.Context, *elb.DeleteTargetGroupInput, ...func(*elb.Options),
	) (*elb.DeleteTargetGroupOutput, error)
}

// TargetGroupState is a target group as observed. Its ID is its ARN.
type TargetGroupState struct {
	graph.Identity
	VPCID         string
	Protocol      types.ProtocolEnum
	Port          int32
	Health        HealthCheck
	Drain         time.Duration
	LoadBalancers []string
	Changed       map[string]string // further attributes that are not as AWS set them
}

// Facts implements [kind.Telling]: where it asks for health.
func (o TargetGroupState) Facts() []string {
	return []string{fmt.Sprintf("%s :%d%s", o.Protocol, o.Port, o.Health.Path)}
}

// TargetGroups is the kind "target-group". They are found by name, which is unique in a region.
type TargetGroups struct {
	API  TargetGroupAPI
	Name string
}

// TargetGroupKind is what is known of the kind "target-group".
var TargetGroupKind = kind.Register(kind.Registration{
	Title:    "Target group",
	TaggedAs: kind.NotByEC2,
	After:    []string{"auto-scaling-group", "load-balancer", "listener"},
	Writes: kind.Writes{
		Create: "elasticloadbalancing:CreateTargetGroup",
		Later:  []string{"deregistration delay"}, Given: []string{"5m0s"},
		Update: []kind.Update{
			tagWrites,
			{Field: "health check ", Set: []string{"elasticloadbalancing:ModifyTargetGroup"}},
			{Field: "deregistration delay", Set: []string{"elasticloadbalancing:ModifyTargetGroupAttributes"}},
		},
		Delete: []string{"elasticloadbalancing:DeleteTargetGroup"},
	},
	Actions: kind.Actions{
		Read: []string{
			"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroupAttributes",
			"elasticloadbalancing:DescribeTags",
		},
		Create: []string{"elasticloadbalancing:CreateTargetGroup"},
		Made:   []string{"elasticloadbalancing:*:{account}:targetgroup/{name}/*"},
		Change: []string{
			"elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags", "elasticloadbalancing:DeleteTargetGroup",
			"elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldHealthCheck, fieldDrain},
		Fixed:    []string{"vpcId", "protocol", "port"},
		Reported: []string{reportedAttribute},
		Unread:   []string{"targets that others registered", "how clients stick to a target, while they do not"},
	},
	Least: kind.Least{Follow: kind.OneCall, Reads: 1},
	Place: kind.Targets,
}, func(c *cloud.Region, name string) TargetGroups { return TargetGroups{API: c.ELB, Name: name} })

// Kind implements [graph.Kind].
func (TargetGroups) Kind() string { return "target-group" }

// Pace implements [graph.Kind].
func (TargetGroups) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: the name is unique, and the same settings answer with the same ARN.
func (TargetGroups) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k TargetGroups) List(ctx context.Context, s *graph.Look) ([]TargetGroupState, error) {
	return graph.Once(ctx, s, "target-groups", func(ctx context.Context) ([]TargetGroupState, error) {
		list := func(ctx context.Context) ([]TargetGroupState, error) { return k.withAttributes(ctx, s) }
		return withTags(ctx, s, k.API, list, func(o *TargetGroupState) *graph.Identity { return &o.Identity })
	})
}

// withAttributes completes the list with what is not in it; its call starts at once for a group that the journal knows.
func (k TargetGroups) withAttributes(ctx context.Context, s *graph.Look) ([]TargetGroupState, error) {
	var bound errgroup.Group
	if s.Only == nil {
		for _, arn := range s.Bound[k.Kind()] {
			bound.Go(func() error { _, err := k.attributes(ctx, s, arn); return err })
		}
	}
	found, err := k.describe(ctx, s)
	if waitErr := bound.Wait(); err == nil {
		err = waitErr
	}
	for i := range found {
		var all map[string]string
		if err == nil {
			all, err = k.attributes(ctx, s, found[i].ID)
		}
		if err == nil {
			found[i].Drain, err = drainOf(all)
			found[i].Changed = changedAttributes(all, awsTargetGroup)
		}
	}
	return found, err
}

func (k TargetGroups) describe(ctx context.Context, s *graph.Look) ([]TargetGroupState, error) {
	in := &elb.DescribeTargetGroupsInput{Names: []string{k.Name}}
	if s.Only != nil {
		in = &elb.DescribeTargetGroupsInput{TargetGroupArns: s.Only}
	}
	var found []TargetGroupState
	for pages := elb.NewDescribeTargetGroupsPaginator(k.API, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, cloud.IgnoreNotFound(err)
		}
		for _, group := range page.TargetGroups {
			found = append(found, observeTargetGroup(group))
		}
	}
	return found, nil
}

func (k TargetGroups) attributes(ctx context.Context, s *graph.Look, arn string) (map[string]string, error) {
	return graph.Once(ctx, s, "attributes of "+arn, func(ctx context.Context) (map[string]string, error) {
		in := &elb.DescribeTargetGroupAttributesInput{TargetGroupArn: aws.String(arn)}
		out, err := k.API.DescribeTargetGroupAttributes(ctx, in)
		if err != nil {
			return nil, cloud.IgnoreNotFound(err)
		}
		all := map[string]string{}
		for _, attribute := range out.Attributes {
			all[aws.ToString(attribute.Key)] = aws.ToString(attribute.Value)
		}
		return all, nil
	})
}

func drainOf(attributes map[string]string) (time.Duration, error) {
	text, ok := attributes[attributeDrain]
	if !ok {
		return awsDrain, nil
	}
	seconds, err := strconv.Atoi(text)
	return time.Duration(seconds) * time.Second, err
}

// Phase implements [graph.Kind].
func (TargetGroups) Phase(TargetGroupState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind].
func (k TargetGroups) Delete(ctx context.Context, o TargetGroupState) error {
	_, err := k.API.DeleteTargetGroup(ctx, &elb.DeleteTargetGroupInput{TargetGroupArn: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

func observeTargetGroup(group types.TargetGroup) TargetGroupState {
	return TargetGroupState{
		Identity:      graph.Identity{ID: aws.ToString(group.TargetGroupArn)},
		VPCID:         aws.ToString(group.VpcId),
		Protocol:      group.Protocol,
		Port:          aws.ToInt32(group.Port),
		Health:        observeHealthCheck(group),
		LoadBalancers: group.LoadBalancerArns,
	}
}
