package lb

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
)

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
	if to := r.VPC.String(); o.VPCID != to { // unlike all else it may outlive its VPC
		changes = append(changes, graph.Change{Field: "vpcId", From: o.VPCID, To: to, Useless: "its VPC is gone"})
	}
	fixed("protocol", string(o.Protocol), string(types.ProtocolEnumHttp))
	fixed("port", strconv.Itoa(int(o.Port)), strconv.Itoa(int(r.Port)))
	changes = append(changes, r.Health.diff(o.Health)...)
	if o.Drain != r.Drain {
		changes = append(changes, graph.Change{Field: fieldDrain, From: o.Drain.String(), To: r.Drain.String()})
	}
	return changes
}

// Report implements [graph.Reporting].
func (TargetGroup) Report(o TargetGroupState) []graph.Change {
	return reportAttributes(o.Changed, awsTargetGroup)
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
