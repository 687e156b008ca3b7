package compute

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
)

// groupUpdates is what Update calls.
type groupUpdates interface {
	UpdateAutoScalingGroup(
		context.Context, *autoscaling.UpdateAutoScalingGroupInput, ...func(*autoscaling.Options),
	) (*autoscaling.UpdateAutoScalingGroupOutput, error)
	AttachLoadBalancerTargetGroups(
		context.Context, *autoscaling.AttachLoadBalancerTargetGroupsInput, ...func(*autoscaling.Options),
	) (*autoscaling.AttachLoadBalancerTargetGroupsOutput, error)
	DetachLoadBalancerTargetGroups(
		context.Context, *autoscaling.DetachLoadBalancerTargetGroupsInput, ...func(*autoscaling.Options),
	) (*autoscaling.DetachLoadBalancerTargetGroupsOutput, error)
}

// The fields that one UpdateAutoScalingGroup changes start with "group"; the others have calls of their own.
const (
	fieldGroup        = "group "
	fieldTemplate     = "group launchTemplate"
	fieldSubnets      = "group subnets"
	fieldTargetGroups = "targetGroups"
	fieldMembers      = "instances"

	desired = "desiredCapacity"

	reportedProcess    = "process "
	reportedProtection = "deletionProtection"
	reportedNew        = "newInstancesProtectedFromScaleIn"
	reportedMember     = "instance "
)

// Growth is how many instances more there are after changes of a group; fewer are negative.
func Growth(changes []graph.Change) int {
	for _, c := range changes {
		if c.Field == fieldGroup+desired {
			from, _ := strconv.Atoi(c.From) // both are decimal's
			to, _ := strconv.Atoi(c.To)
			return to - from
		}
	}
	return 0
}

// healthByLoadBalancer lets the load balancer's verdict replace an instance, and not just EC2's.
const healthByLoadBalancer = "ELB"

// Needs implements [graph.Resource].
func (r AutoScalingGroup) Needs() []graph.Need {
	needs := slices.Clone(r.After)
	needs = append(needs, r.Template.Ready(), r.Template.Ready().ThenUpdate())
	for _, ref := range append(slices.Clone(r.Subnets), r.TargetGroup) {
		needs = append(needs, ref.Made(), ref.Made().ThenUpdate())
	}
	for _, way := range r.Egress {
		needs = append(needs, way.Ready().ThenUpdate())
	}
	return needs
}

// Diff implements [graph.Resource].
func (r AutoScalingGroup) Diff(o AutoScalingGroupState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	compare := func(field, from, to string) {
		if from != to {
			changes = append(changes, graph.Change{Field: fieldGroup + field, From: from, To: to})
		}
	}
	compare("minSize", decimal(o.Min), decimal(r.Min))
	compare("maxSize", decimal(o.Max), decimal(r.Max))
	compare(desired, decimal(o.Desired), decimal(r.size(o)))
	compare("healthCheckType", o.HealthCheck, healthByLoadBalancer)
	compare("healthCheckGracePeriod", o.Grace.String(), r.Grace.String())
	changes = append(changes, r.diffSubnets(o)...)
	changes = append(changes, graph.DiffRefs(fieldTargetGroups, o.TargetGroups, r.TargetGroup)...)
	if template := r.diffTemplate(o); template != nil {
		return append(r.withTemplate(changes), template...)
	}
	return append(changes, r.withSubnets(changes, r.diffMembers(o))...)
}

// diffSubnets lets the group move into a zone once instances there have a way out: Auto Scaling launches at once, and user
// data that finds no mirror is not run again.
func (r AutoScalingGroup) diffSubnets(o AutoScalingGroupState) []graph.Change {
	changes := graph.DiffRefs(fieldSubnets, o.Subnets, r.Subnets...)
	if len(changes) == 0 || len(r.Egress) != len(r.Subnets) {
		return changes
	}
	var waits []graph.Key
	for i, subnet := range r.Subnets {
		if !slices.Contains(o.Subnets, subnet.ID()) {
			waits = append(waits, r.Egress[i].Key())
		}
	}
	if changes[0].After == "" && len(waits) > 0 {
		changes[0].After, waits = waits[0], slices.Clip(waits[1:])
	}
	if len(waits) > 0 {
		changes[0].Also = waits
	}
	return changes
}

// withSubnets lets a replacement of the instances wait for what a change of the subnets waits for, so that each instance
// starts in the zone where it stays.
func (AutoScalingGroup) withSubnets(changes, members []graph.Change) []graph.Change {
	for _, c := range changes {
		for i := range members {
			if c.Field == fieldSubnets {
				members[i].After, members[i].Also = c.After, c.Also
			}
		}
	}
	return members
}

// Report implements [graph.Reporting]: what people suspend or protect for a reason of theirs.
func (r AutoScalingGroup) Report(o AutoScalingGroupState) []graph.Change {
	var changes []graph.Change
	for _, process := range o.Suspended {
		changes = append(changes, graph.Change{Field: reportedProcess + process, From: "suspended", To: "running"})
	}
	if o.protected() {
		changes = append(changes, graph.Change{Field: reportedProtection, From: string(o.Protection), To: "none"})
	}
	if o.ProtectsNew {
		changes = append(changes, graph.Change{Field: reportedNew, From: "true", To: "false"})
	}
	return append(changes, r.reportSpared(o)...)
}

// size is how many instances the group wants once the wish is fulfilled. Between the limits the number has another
// owner: scaling policies, schedules, people. It changes where the setting did, and where AWS moves it between new
// limits.
func (r AutoScalingGroup) size(o AutoScalingGroupState) int32 {
	if r.Resize {
		return r.Desired
	}
	return min(max(o.Desired, r.Min), r.Max)
}

// withTemplate lets what the same call changes wait for the template, so that there is one call and not two.
func (r AutoScalingGroup) withTemplate(changes []graph.Change) []graph.Change {
	for i, c := range changes {
		if c.After == "" && strings.HasPrefix(c.Field, fieldGroup) {
			changes[i].After = r.Template.Key()
		}
	}
	return changes
}

// diffTemplate knows of a new version before it is made, since the group is compared while the template is updated.
func (r AutoScalingGroup) diffTemplate(o AutoScalingGroupState) []graph.Change {
	version := r.Template.Output(OutputVersion)
	change := graph.Change{
		Field: fieldTemplate, From: o.TemplateID + " version " + o.TemplateVersion, After: r.Template.Key(),
	}
	switch {
	case r.Template.ID() == "" || len(r.Launch.dataChanges(r.Template.Output(OutputData))) > 0:
		change.To = r.Template.String() + " next version"
	case o.TemplateID != r.Template.ID() || o.TemplateVersion != version:
		change.To = r.Template.ID() + " version " + version
	default:
		return nil
	}
	return []graph.Change{change}
}

// Create implements [graph.Resource].
func (r AutoScalingGroup) Create(ctx context.Context, c graph.Claim) (AutoScalingGroupState, error) {
	out, err := r.API.CreateAutoScalingGroup(ctx, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName:   aws.String(r.Name),
		LaunchTemplate:         r.template(),
		VPCZoneIdentifier:      r.subnets(),
		TargetGroupARNs:        graph.IDs(r.TargetGroup),
		MinSize:                aws.Int32(r.Min),
		MaxSize:                aws.Int32(r.Max),
		DesiredCapacity:        aws.Int32(r.Desired),
		HealthCheckType:        aws.String(healthByLoadBalancer),
		HealthCheckGracePeriod: seconds(r.Grace),
		Tags:                   tagsOf(r.Name, c.Tags),
	})
	if err != nil {
		return AutoScalingGroupState{}, err
	}
	o := r.updated(AutoScalingGroupState{Identity: graph.Identity{ID: r.Name, Tags: c.Tags}, Desired: r.Desired})
	o.Since, _ = middleware.GetServerTime(out.ResultMetadata)
	o.TemplateID, o.TemplateVersion = r.Template.ID(), r.Template.Output(OutputVersion)
	o.Subnets, o.TargetGroups = graph.IDs(r.Subnets...), graph.IDs(r.TargetGroup)
	return o, nil
}

// Update implements [graph.Resource].
func (r AutoScalingGroup) Update(
	ctx context.Context, o AutoScalingGroupState, changes []graph.Change,
) (AutoScalingGroupState, error) {
	var calls errgroup.Group
	var identity graph.Identity
	since := o.Since
	calls.Go(func() (err error) {
		identity, err = r.retag(ctx, o.Identity, changes)
		return err
	})
	if graph.Has(changes, fieldTargetGroups) {
		calls.Go(func() error { return r.attach(ctx, o) })
	}
	if graph.Has(changes, fieldGroup) {
		calls.Go(func() (err error) {
			since, err = r.update(ctx, o, changes)
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return o, err
	}
	o.Identity, o.Since = identity, since
	if graph.Has(changes, fieldGroup) {
		o = r.updated(o)
	}
	if graph.Has(changes, fieldTemplate) {
		o.TemplateID, o.TemplateVersion = r.Template.ID(), r.Template.Output(OutputVersion)
	}
	if graph.Has(changes, fieldSubnets) {
		now := graph.IDs(r.Subnets...)
		o.Moving = slices.ContainsFunc(o.Subnets, func(id string) bool { return !slices.Contains(now, id) })
		o.Subnets = now
	}
	if graph.Has(changes, fieldTargetGroups) {
		o.TargetGroups = graph.IDs(r.TargetGroup)
	}
	if graph.Has(changes, fieldMembers) {
		return r.refresh(ctx, o)
	}
	return o, nil
}

// update sends the limits together, since AWS checks them against each other. The size is sent only where the setting
// changed: AWS moves it between new limits, and what scaling did since the plan was made stays. It leaves a change
// alone that waits for another resource. Subnets go along with the template, since AWS checks then whether both may be
// launched with, and the apply role is denied them alone. It returns AWS's time.
func (r AutoScalingGroup) update(ctx context.Context, o AutoScalingGroupState, changes []graph.Change) (time.Time, error) {
	in := &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName:   aws.String(r.Name),
		MinSize:                aws.Int32(r.Min),
		MaxSize:                aws.Int32(r.Max),
		HealthCheckType:        aws.String(healthByLoadBalancer),
		HealthCheckGracePeriod: seconds(r.Grace),
	}
	if r.Resize && graph.Has(changes, fieldGroup+desired) {
		in.DesiredCapacity = aws.Int32(r.Desired)
	}
	if graph.Has(changes, fieldTemplate) {
		in.LaunchTemplate = r.template()
	}
	if graph.Has(changes, fieldSubnets) {
		in.VPCZoneIdentifier = r.subnets()
		if in.LaunchTemplate == nil {
			in.LaunchTemplate = &types.LaunchTemplateSpecification{
				LaunchTemplateId: aws.String(o.TemplateID), Version: aws.String(o.TemplateVersion),
			}
		}
	}
	out, err := r.API.UpdateAutoScalingGroup(ctx, in)
	if err != nil {
		return time.Time{}, err
	}
	now, _ := middleware.GetServerTime(out.ResultMetadata)
	return now, nil
}

// updated is the group with everything that update always sends.
func (r AutoScalingGroup) updated(o AutoScalingGroupState) AutoScalingGroupState {
	o.Min, o.Max, o.Desired = r.Min, r.Max, r.size(o)
	o.HealthCheck, o.Grace = healthByLoadBalancer, r.Grace
	return o
}

// attach makes the wanted target group the only one.
func (r AutoScalingGroup) attach(ctx context.Context, o AutoScalingGroupState) error {
	want := graph.IDs(r.TargetGroup)
	if !slices.Contains(o.TargetGroups, r.TargetGroup.ID()) {
		_, err := r.API.AttachLoadBalancerTargetGroups(ctx, &autoscaling.AttachLoadBalancerTargetGroupsInput{
			AutoScalingGroupName: aws.String(o.ID), TargetGroupARNs: want,
		})
		if err != nil {
			return err
		}
	}
	others := slices.DeleteFunc(slices.Clone(o.TargetGroups), func(arn string) bool { return slices.Contains(want, arn) })
	if len(others) == 0 {
		return nil
	}
	_, err := r.API.DetachLoadBalancerTargetGroups(ctx, &autoscaling.DetachLoadBalancerTargetGroupsInput{
		AutoScalingGroupName: aws.String(o.ID), TargetGroupARNs: others,
	})
	return err
}

// template pins the version by its number: with a name like $Latest, another tool's new version would change the next launch.
func (r AutoScalingGroup) template() *types.LaunchTemplateSpecification {
	return &types.LaunchTemplateSpecification{
		LaunchTemplateId: aws.String(r.Template.ID()), Version: aws.String(r.Template.Output(OutputVersion)),
	}
}

func (r AutoScalingGroup) subnets() *string {
	return aws.String(strings.Join(graph.IDs(r.Subnets...), ","))
}

func seconds(d time.Duration) *int32 { return aws.Int32(int32(d.Seconds())) }

func decimal(n int32) string { return strconv.Itoa(int(n)) }
