package compute

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// AutoScalingGroupAPI is what the Auto Scaling group calls.
type AutoScalingGroupAPI interface {
	autoscaling.DescribeAutoScalingGroupsAPIClient
	groupUpdates
	groupTags
	InstanceRefreshAPI
	ScalingActivityAPI
	CreateAutoScalingGroup(
		context.Context, *autoscaling.CreateAutoScalingGroupInput, ...func(*autoscaling.Options),
	) (*autoscaling.CreateAutoScalingGroupOutput, error)
	DeleteAutoScalingGroup(
		context.Context, *autoscaling.DeleteAutoScalingGroupInput, ...func(*autoscaling.Options),
	) (*autoscaling.DeleteAutoScalingGroupOutput, error)
}

// AutoScalingGroupState is an Auto Scaling group as observed. Its ID is its name.
type AutoScalingGroupState struct {
	graph.Identity
	TemplateID, TemplateVersion string
	Subnets, TargetGroups       []string
	Zones                       []string // of the subnets, e.g. "eu-west-1a"
	Moving                      bool     // its subnets were changed, and it was not looked at since
	Min, Max, Desired           int32
	HealthCheck                 string
	Grace                       time.Duration
	Suspended                   []string // processes that do not run, by their names, sorted
	Protection                  types.DeletionProtection
	ProtectsNew                 bool   // new members are protected from scaling in
	Status                      string // empty but for a group that is being deleted
	Members                     []Member
	Refresh                     Refresh   // of members that run another version of the template, if there are any
	Trouble                     Trouble   // why launches fail, for a group that has long been short of members
	Since                       time.Time // when this run changed the group or first saw it, by AWS's clock
}

// Member is one of the group's instances.
type Member struct {
	ID, Zone, Type string
	Lifecycle      types.LifecycleState
	Health         string
	Version        string // of the launch template
	Protected      bool   // from scaling in
}

// InService says whether the group counts on the member.
func (m Member) InService() bool {
	return m.Lifecycle == types.LifecycleStateInService && strings.EqualFold(m.Health, "Healthy")
}

// Starting says whether the member was launched and is not in service yet.
func (m Member) Starting() bool { return strings.HasPrefix(string(m.Lifecycle), "Pending") }

// leaving says whether the member is being taken out of the group.
func (m Member) leaving() bool {
	return strings.HasPrefix(string(m.Lifecycle), "Terminat") || strings.HasPrefix(string(m.Lifecycle), "Detach")
}

// Facts implements [kind.Telling]: its size.
func (o AutoScalingGroupState) Facts() []string {
	return []string{fmt.Sprintf("%d to %d instances, %d desired", o.Min, o.Max, o.Desired)}
}

// AutoScalingGroups is the kind "auto-scaling-group". They are found by name, which is unique in a region.
type AutoScalingGroups struct {
	API    AutoScalingGroupAPI
	Name   string
	Region string // named in commands for people
	Stays  bool   // behind an emulator's endpoint, where no process moves instances out of a zone that the group leaves
}

// AutoScalingGroup is the wish for one.
type AutoScalingGroup struct {
	AutoScalingGroups
	graph.Meta
	Template    graph.Ref
	Launch      LaunchTemplate // the wish for the template, to know of a version that is about to be made
	Subnets     []graph.Ref
	Egress      []graph.Ref // the way out of each of the subnets, which must work before the group moves in; none: no matter
	TargetGroup graph.Ref
	Min, Max    int32
	Desired     int32         // the size to start with: between Min and Max it is then scaling's own
	Resize      bool          // Desired is applied to a group that is there, too: the setting has changed
	Grace       time.Duration // after a launch, before its health counts
	Drain       time.Duration // that connections get before their instance ends
	After       []graph.Need  // what else instances need to start: a way out, their role
}

// deleting is the start of a group's status once it is being deleted.
const deleting = "Delete in progress"

// AutoScalingGroupKind is what is known of the kind "auto-scaling-group".
var AutoScalingGroupKind = kind.Register(kind.Registration{
	Title:    "Auto Scaling group",
	TaggedAs: kind.NotByEC2,
	Writes: kind.Writes{
		Create: "autoscaling:CreateAutoScalingGroup", Delete: []string{"autoscaling:DeleteAutoScalingGroup"},
		Update: []kind.Update{
			kind.Tagging("autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"),
			{Field: "group ", Set: []string{"autoscaling:UpdateAutoScalingGroup"}},
			{
				Field: "targetGroups", Set: []string{"autoscaling:AttachLoadBalancerTargetGroups"},
				Clear: "autoscaling:DetachLoadBalancerTargetGroups",
			},
			{Field: "instances", Set: []string{"autoscaling:StartInstanceRefresh"}},
		},
	},
	Actions: kind.Actions{
		Read: []string{
			"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeInstanceRefreshes",
			"autoscaling:DescribeScalingActivities",
		},
		On:       []string{"autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/{name}"},
		Launches: true,
		Further:  launching,
		Linked:   []string{"autoscaling.amazonaws.com"},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldGroup, fieldTargetGroups, fieldMembers},
		Reported: []string{reportedProcess, reportedProtection, reportedNew, reportedMember},
		Unread: []string{
			"the number of instances between the limits, which is scaling's",
			"scaling policies, schedules, lifecycle hooks and notifications",
			"the cooldown, the warm-up, termination policies and the maintenance policy",
		},
	},
	Least: kind.Least{Waits: true, Lingers: true},
	Place: kind.Group,
}, func(c *cloud.Region, name string) AutoScalingGroups {
	return AutoScalingGroups{API: c.AutoScaling, Name: name, Region: c.Name, Stays: c.Emulated}
})

// Kind implements [graph.Kind].
func (AutoScalingGroups) Kind() string { return "auto-scaling-group" }

// Pace implements [graph.Kind].
func (AutoScalingGroups) Pace() graph.Pace {
	return graph.Pace{Usual: time.Minute, Leave: time.Minute, TypicalLeave: 90 * time.Second, Limit: 15 * time.Minute}
}

// RepeatsSafely implements [graph.Repeatable]: the name is unique.
func (AutoScalingGroups) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k AutoScalingGroups) List(ctx context.Context, s *graph.Look) ([]AutoScalingGroupState, error) {
	return graph.Once(ctx, s, "auto-scaling-groups", func(ctx context.Context) ([]AutoScalingGroupState, error) {
		if s.Only != nil {
			return k.named(ctx, s.Before, s.Only...)
		}
		return k.named(ctx, s.Before, k.Name)
	})
}

func (k AutoScalingGroups) named(
	ctx context.Context, before map[string]graph.Observed, names ...string,
) ([]AutoScalingGroupState, error) {
	var found []AutoScalingGroupState
	in := &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: names}
	for pages := autoscaling.NewDescribeAutoScalingGroupsPaginator(k.API, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		now, _ := middleware.GetServerTime(page.ResultMetadata)
		for _, group := range page.AutoScalingGroups {
			o := observeAutoScalingGroup(group)
			o.Since = now
			earlier, known := before[o.ID].(AutoScalingGroupState)
			if known && !earlier.Since.IsZero() {
				o.Since = earlier.Since
			}
			found = append(found, k.explain(ctx, o, earlier, launchClock{now, aws.ToTime(group.CreatedTime), o.Since, known}))
		}
	}
	return found, nil
}

// Phase implements [graph.Kind].
func (k AutoScalingGroups) Phase(o AutoScalingGroupState) (graph.Phase, string) {
	if strings.HasPrefix(o.Status, deleting) {
		return graph.Leaving, o.Status
	}
	if short, why := o.short(); short {
		return graph.Pending, why
	}
	if o.Refresh.Active() {
		return graph.Pending, o.Refresh.String() + o.leftAlone()
	}
	if outside := o.outside(); !k.Stays && (o.Moving || outside > 0) {
		return graph.Pending, o.leaving(outside)
	}
	return graph.Ready, ""
}

// short says whether members are missing or not in service, and how many.
func (o AutoScalingGroupState) short() (bool, string) {
	inService := int32(0)
	for _, m := range o.Members {
		if m.InService() {
			inService++
		}
	}
	why := countOf(inService, o.Desired) + " in service"
	if o.Trouble.Why != "" {
		why += ": " + o.Trouble.Why
	}
	return inService < o.Desired, why
}

// outside is how many members are in zones that the group has left, those included whose connections drain.
func (o AutoScalingGroupState) outside() int {
	n := 0
	for _, m := range o.Members {
		if len(o.Zones) > 0 && !slices.Contains(o.Zones, m.Zone) {
			n++
		}
	}
	return n
}

// leaving says what a group that moves waits for.
func (o AutoScalingGroupState) leaving(outside int) string {
	text := countOf(int32(outside), int32(len(o.Members))) + " in zones that the group leaves"
	if slices.Contains(o.Suspended, rebalancing) {
		text += "; its process " + rebalancing + " is suspended"
	}
	return text
}

// rebalancing is the process that moves instances out of zones that a group leaves.
const rebalancing = "AZRebalance"

// mixed says whether a member runs another version of the template than the group launches.
func (o AutoScalingGroupState) mixed() bool {
	return slices.ContainsFunc(o.Members, func(m Member) bool { return m.Version != o.TemplateVersion && !m.leaving() })
}

func observeAutoScalingGroup(group types.AutoScalingGroup) AutoScalingGroupState {
	o := AutoScalingGroupState{
		Identity:     graph.Identity{ID: aws.ToString(group.AutoScalingGroupName), Tags: map[string]string{}},
		TargetGroups: slices.Sorted(slices.Values(group.TargetGroupARNs)),
		Zones:        group.AvailabilityZones,
		Min:          aws.ToInt32(group.MinSize),
		Max:          aws.ToInt32(group.MaxSize),
		Desired:      aws.ToInt32(group.DesiredCapacity),
		HealthCheck:  aws.ToString(group.HealthCheckType),
		Grace:        time.Duration(aws.ToInt32(group.HealthCheckGracePeriod)) * time.Second,
		Status:       aws.ToString(group.Status),
		Protection:   group.DeletionProtection,
	}
	o.ProtectsNew = aws.ToBool(group.NewInstancesProtectedFromScaleIn)
	for _, process := range group.SuspendedProcesses {
		o.Suspended = append(o.Suspended, aws.ToString(process.ProcessName))
	}
	slices.Sort(o.Suspended)
	for _, tag := range group.Tags {
		o.Tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	if ids := aws.ToString(group.VPCZoneIdentifier); ids != "" {
		o.Subnets = slices.Sorted(strings.SplitSeq(ids, ","))
	}
	if t := group.LaunchTemplate; t != nil {
		o.TemplateID, o.TemplateVersion = aws.ToString(t.LaunchTemplateId), aws.ToString(t.Version)
	}
	for _, instance := range group.Instances {
		o.Members = append(o.Members, observeMember(instance))
	}
	return o
}

func observeMember(instance types.Instance) Member {
	m := Member{
		ID:        aws.ToString(instance.InstanceId),
		Zone:      aws.ToString(instance.AvailabilityZone),
		Type:      aws.ToString(instance.InstanceType),
		Lifecycle: instance.LifecycleState,
		Health:    aws.ToString(instance.HealthStatus),
		Protected: aws.ToBool(instance.ProtectedFromScaleIn),
	}
	if t := instance.LaunchTemplate; t != nil {
		m.Version = aws.ToString(t.Version)
	}
	return m
}
