package lb

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
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
}

// TargetGroups is the kind "target-group". They are found by name, which is unique in a region.
type TargetGroups struct {
	API  TargetGroupAPI
	Name string
}

// TargetGroup is the wish for one: instances that speak HTTP.
type TargetGroup struct {
	TargetGroups
	graph.Meta
	VPC    graph.Ref
	Port   int32
	Health HealthCheck
	Drain  time.Duration // that a target which leaves has to finish its requests, in whole seconds
}

const (
	fieldDrain     = "deregistration delay"
	attributeDrain = "deregistration_delay.timeout_seconds"
	awsDrain       = 300 * time.Second // what AWS sets at creation
	fixedTargets   = "AWS can't change it: remove the target group first"
)

// Kind implements [graph.Kind].
func (TargetGroups) Kind() string { return "target-group" }

// Pace implements [graph.Kind].
func (TargetGroups) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: the name is unique, and the same settings answer with the same ARN.
func (TargetGroups) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k TargetGroups) List(ctx context.Context, s *graph.Sweep) ([]TargetGroupState, error) {
	return graph.Once(ctx, s, "target-groups", func(ctx context.Context) ([]TargetGroupState, error) {
		list := func(ctx context.Context) ([]TargetGroupState, error) { return k.withDrains(ctx, s) }
		return withTags(ctx, s, k.API, list, func(o *TargetGroupState) *graph.Identity { return &o.Identity })
	})
}

// withDrains completes the list with the attribute that is not in it; its call starts at once for a group that the
// journal knows.
func (k TargetGroups) withDrains(ctx context.Context, s *graph.Sweep) ([]TargetGroupState, error) {
	var bound errgroup.Group
	if s.Only == nil {
		for _, arn := range s.Bound[k.Kind()] {
			bound.Go(func() error { _, err := k.drain(ctx, s, arn); return err })
		}
	}
	found, err := k.describe(ctx, s)
	if waitErr := bound.Wait(); err == nil {
		err = waitErr
	}
	for i := range found {
		if err == nil {
			found[i].Drain, err = k.drain(ctx, s, found[i].ID)
		}
	}
	return found, err
}

func (k TargetGroups) describe(ctx context.Context, s *graph.Sweep) ([]TargetGroupState, error) {
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

func (k TargetGroups) drain(ctx context.Context, s *graph.Sweep, arn string) (time.Duration, error) {
	return graph.Once(ctx, s, "drain of "+arn, func(ctx context.Context) (time.Duration, error) {
		in := &elb.DescribeTargetGroupAttributesInput{TargetGroupArn: aws.String(arn)}
		out, err := k.API.DescribeTargetGroupAttributes(ctx, in)
		if err != nil {
			return 0, cloud.IgnoreNotFound(err)
		}
		for _, attribute := range out.Attributes {
			if aws.ToString(attribute.Key) == attributeDrain {
				seconds, err := strconv.Atoi(aws.ToString(attribute.Value))
				return time.Duration(seconds) * time.Second, err
			}
		}
		return awsDrain, nil
	})
}

// Phase implements [graph.Kind].
func (TargetGroups) Phase(TargetGroupState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind].
func (k TargetGroups) Delete(ctx context.Context, o TargetGroupState) error {
	_, err := k.API.DeleteTargetGroup(ctx, &elb.DeleteTargetGroupInput{TargetGroupArn: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

// Needs implements [graph.Resource].
func (r TargetGroup) Needs() []graph.Need { return []graph.Need{r.VPC.Made()} }

// Diff implements [graph.Resource].
func (r TargetGroup) Diff(o TargetGroupState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	fixed := func(field, from, to string) {
		if from != to {
			changes = append(changes, graph.Change{Field: field, From: from, To: to, Fixed: fixedTargets})
		}
	}
	fixed("vpcId", o.VPCID, r.VPC.String())
	fixed("protocol", string(o.Protocol), string(types.ProtocolEnumHttp))
	fixed("port", strconv.Itoa(int(o.Port)), strconv.Itoa(int(r.Port)))
	changes = append(changes, r.Health.diff(o.Health)...)
	if o.Drain != r.Drain {
		changes = append(changes, graph.Change{Field: fieldDrain, From: o.Drain.String(), To: r.Drain.String()})
	}
	return changes
}

// Create implements [graph.Resource].
func (r TargetGroup) Create(ctx context.Context, c graph.Claim) (TargetGroupState, error) {
	check := r.Health.modification()
	out, err := r.API.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
		Name:                       aws.String(r.Name),
		VpcId:                      aws.String(r.VPC.ID()),
		TargetType:                 types.TargetTypeEnumInstance,
		Protocol:                   types.ProtocolEnumHttp,
		Port:                       aws.Int32(r.Port),
		HealthCheckProtocol:        check.HealthCheckProtocol,
		HealthCheckPort:            check.HealthCheckPort,
		HealthCheckPath:            check.HealthCheckPath,
		HealthCheckIntervalSeconds: check.HealthCheckIntervalSeconds,
		HealthCheckTimeoutSeconds:  check.HealthCheckTimeoutSeconds,
		HealthyThresholdCount:      check.HealthyThresholdCount,
		UnhealthyThresholdCount:    check.UnhealthyThresholdCount,
		Matcher:                    check.Matcher,
		Tags:                       tagList(c.Tags),
	})
	if err != nil {
		return TargetGroupState{}, err
	}
	o := observeTargetGroup(out.TargetGroups[0])
	o.Tags, o.Drain = c.Tags, awsDrain
	return o, nil
}

// Update implements [graph.Resource].
func (r TargetGroup) Update(
	ctx context.Context, o TargetGroupState, changes []graph.Change,
) (TargetGroupState, error) {
	var calls errgroup.Group
	now := o
	calls.Go(func() (err error) {
		now.Identity, err = retag(ctx, r.API, o.Identity, r.Labels, changes)
		return err
	})
	if graph.Has(changes, fieldHealthCheck) {
		calls.Go(func() error {
			in := r.Health.modification()
			in.TargetGroupArn = aws.String(o.ID)
			_, err := r.API.ModifyTargetGroup(ctx, in)
			if err == nil {
				now.Health = r.Health.complete()
			}
			return err
		})
	}
	if graph.Has(changes, fieldDrain) {
		calls.Go(func() error {
			err := r.setDrain(ctx, o.ID)
			if err == nil {
				now.Drain = r.Drain
			}
			return err
		})
	}
	err := calls.Wait()
	return now, err
}

func (r TargetGroup) setDrain(ctx context.Context, arn string) error {
	_, err := r.API.ModifyTargetGroupAttributes(ctx, &elb.ModifyTargetGroupAttributesInput{
		TargetGroupArn: aws.String(arn),
		Attributes: []types.TargetGroupAttribute{
			{Key: aws.String(attributeDrain), Value: aws.String(strconv.Itoa(int(r.Drain.Seconds())))},
		},
	})
	return err
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
