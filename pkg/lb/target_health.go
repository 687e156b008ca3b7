package lb

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/cloud"
)

// HealthAPI is what this file calls.
type HealthAPI interface {
	DescribeTargetHealth(
		context.Context, *elb.DescribeTargetHealthInput, ...func(*elb.Options),
	) (*elb.DescribeTargetHealthOutput, error)
}

// Target is an instance as the load balancer sees it.
type Target struct {
	ID          string
	Zone        string
	State       types.TargetHealthStateEnum
	Reason      types.TargetHealthReasonEnum // why it is not healthy, as a code; empty otherwise
	Description string                       // the same for people
}

// Healthy says whether the target gets requests.
func (t Target) Healthy() bool { return t.State == types.TargetHealthStateEnumHealthy }

// Starting says whether the target is in its first checks.
func (t Target) Starting() bool { return t.State == types.TargetHealthStateEnumInitial }

// Health reads the health of all targets of a target group, by its ARN. One that does not exist has none.
func Health(ctx context.Context, api HealthAPI, targetGroup string) ([]Target, error) {
	out, err := api.DescribeTargetHealth(ctx, &elb.DescribeTargetHealthInput{TargetGroupArn: aws.String(targetGroup)})
	if err != nil {
		return nil, cloud.IgnoreNotFound(err)
	}
	targets := make([]Target, 0, len(out.TargetHealthDescriptions))
	for _, d := range out.TargetHealthDescriptions {
		var target Target
		if d.Target != nil {
			target.ID, target.Zone = aws.ToString(d.Target.Id), aws.ToString(d.Target.AvailabilityZone)
		}
		if h := d.TargetHealth; h != nil {
			target.State, target.Reason, target.Description = h.State, h.Reason, aws.ToString(h.Description)
		}
		targets = append(targets, target)
	}
	return targets, nil
}
