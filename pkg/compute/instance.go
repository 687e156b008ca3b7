package compute

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// InstanceAPI is what this file calls.
type InstanceAPI interface {
	ec2.DescribeInstancesAPIClient
	TerminateInstances(
		context.Context, *ec2.TerminateInstancesInput, ...func(*ec2.Options),
	) (*ec2.TerminateInstancesOutput, error)
}

// InstanceState is an instance as observed.
type InstanceState struct {
	graph.Identity
	State  types.InstanceStateName
	Zone   string
	Type   string
	Launch time.Time
}

// Instances is the kind "instance": what the Auto Scaling group launched. There is no wish for one.
type Instances struct{ API InstanceAPI }

// InstanceKind is what is known of the kind "instance".
var InstanceKind = kind.Register(kind.Registration{
	Title:    "Instance",
	Launched: true,
	TaggedAs: types.ResourceTypeInstance,
	After:    []string{"auto-scaling-group"},
	Writes:   kind.Writes{Delete: []string{"ec2:TerminateInstances"}},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeInstances"},
		Change: []string{"ec2:TerminateInstances"},
	},
}, func(c *cloud.Region, _ string) Instances { return Instances{API: c.EC2} })

// Kind implements [graph.Kind].
func (Instances) Kind() string { return "instance" }

// Pace implements [graph.Kind].
func (Instances) Pace() graph.Pace { return graph.Pace{Leave: 30 * time.Second} }

// List implements [graph.Kind].
func (k Instances) List(ctx context.Context, s *graph.Look) ([]InstanceState, error) {
	return graph.Once(ctx, s, "instances", func(ctx context.Context) ([]InstanceState, error) {
		in := &ec2.DescribeInstancesInput{Filters: cloud.EC2Filter(s, "instance-id")}
		var found []InstanceState
		for pages := ec2.NewDescribeInstancesPaginator(k.API, in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, reservation := range page.Reservations {
				for _, instance := range reservation.Instances {
					found = append(found, observeInstance(instance))
				}
			}
		}
		return found, nil
	})
}

// Phase implements [graph.Kind].
func (Instances) Phase(o InstanceState) (graph.Phase, string) {
	switch o.State {
	case types.InstanceStateNameRunning:
		return graph.Ready, ""
	case types.InstanceStateNameShuttingDown:
		return graph.Leaving, string(o.State)
	case types.InstanceStateNameTerminated:
		return graph.Gone, string(o.State)
	}
	return graph.Pending, string(o.State)
}

// Delete implements [graph.Kind].
func (k Instances) Delete(ctx context.Context, o InstanceState) error {
	_, err := k.API.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{o.ID}})
	return cloud.IgnoreNotFound(err)
}

func observeInstance(instance types.Instance) InstanceState {
	o := InstanceState{
		Identity: cloud.EC2Identity(instance.InstanceId, instance.Tags),
		Type:     string(instance.InstanceType),
		Launch:   aws.ToTime(instance.LaunchTime),
	}
	if instance.State != nil {
		o.State = instance.State.Name
	}
	if instance.Placement != nil {
		o.Zone = aws.ToString(instance.Placement.AvailabilityZone)
	}
	return o
}
