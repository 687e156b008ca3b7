package compute

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/graph"
)

// InstanceRefreshAPI is what this file calls.
type InstanceRefreshAPI interface {
	DescribeInstanceRefreshes(
		context.Context, *autoscaling.DescribeInstanceRefreshesInput, ...func(*autoscaling.Options),
	) (*autoscaling.DescribeInstanceRefreshesOutput, error)
	StartInstanceRefresh(
		context.Context, *autoscaling.StartInstanceRefreshInput, ...func(*autoscaling.Options),
	) (*autoscaling.StartInstanceRefreshOutput, error)
}

// Refresh is the latest replacement of a group's instances.
type Refresh struct {
	ID      string
	Status  types.InstanceRefreshStatus // empty: there was none
	Reason  string
	Percent int32
	Watched bool // this run started it, or saw it in progress
}

// Active says whether the refresh is in progress.
func (r Refresh) Active() bool {
	switch r.Status {
	case types.InstanceRefreshStatusPending, types.InstanceRefreshStatusInProgress, types.InstanceRefreshStatusBaking,
		types.InstanceRefreshStatusCancelling, types.InstanceRefreshStatusRollbackInProgress:
		return true
	}
	return false
}

func (r Refresh) String() string {
	text := fmt.Sprintf("instance refresh: %d %% replaced", r.Percent)
	if r.Reason != "" {
		text += ": " + r.Reason
	}
	return text
}

// latestRefresh explains a group and must not keep it from being seen: an error is the explanation then.
func latestRefresh(ctx context.Context, api InstanceRefreshAPI, group string) Refresh {
	out, err := api.DescribeInstanceRefreshes(ctx, &autoscaling.DescribeInstanceRefreshesInput{
		AutoScalingGroupName: aws.String(group), MaxRecords: aws.Int32(1),
	})
	if err != nil {
		return Refresh{Reason: err.Error()}
	}
	if len(out.InstanceRefreshes) == 0 {
		return Refresh{}
	}
	latest := out.InstanceRefreshes[0]
	return Refresh{
		ID:      aws.ToString(latest.InstanceRefreshId),
		Status:  latest.Status,
		Reason:  aws.ToString(latest.StatusReason),
		Percent: aws.ToInt32(latest.PercentageComplete),
	}
}

// outdated are the members that run a version from before since and have to be replaced. A refresh leaves those alone that
// people have set aside.
func (o AutoScalingGroupState) outdated(since string) []Member {
	oldest, err := strconv.ParseInt(since, 10, 64)
	if err != nil {
		return nil // the template does not exist yet
	}
	var old []Member
	for _, m := range o.Members {
		if version, err := strconv.ParseInt(m.Version, 10, 64); err == nil && version < oldest && !m.leaving() && m.spared() == "" {
			old = append(old, m)
		}
	}
	return old
}

// diffMembers is the change that replaces members of an old version; a refresh in progress is making it.
func (r AutoScalingGroup) diffMembers(o AutoScalingGroupState) []graph.Change {
	old := o.outdated(r.Template.Output(OutputSince))
	if len(old) == 0 || o.Refresh.Active() {
		return nil
	}
	return []graph.Change{{
		Field: fieldMembers,
		From:  countOf(int32(len(old)), int32(len(o.Members))) + " from version " + old[0].Version + o.leftAlone(),
		To:    "all from version " + o.TemplateVersion,
	}}
}

// refresh starts to replace the members that are outdated. Capacity never falls below what is wanted: new ones are in
// service before old ones go. Instances that a person put into Standby, or protected from scaling in, stay as they are: with
// AWS's default, the refresh would wait an hour for them and then fail, and the other choices would end what the person
// wanted to keep. A refresh in progress, or nothing left to replace, is no error.
func (r AutoScalingGroup) refresh(ctx context.Context, o AutoScalingGroupState) (AutoScalingGroupState, error) {
	out, err := r.API.StartInstanceRefresh(ctx, &autoscaling.StartInstanceRefreshInput{
		AutoScalingGroupName: aws.String(o.ID),
		Preferences: &types.RefreshPreferences{
			MinHealthyPercentage: aws.Int32(100),
			MaxHealthyPercentage: aws.Int32(150),
			SkipMatching:         aws.Bool(true),

			ScaleInProtectedInstances: types.ScaleInProtectedInstancesIgnore,
			StandbyInstances:          types.StandbyInstancesIgnore,
		},
	})
	if err == nil {
		o.Refresh = Refresh{
			ID: aws.ToString(out.InstanceRefreshId), Status: types.InstanceRefreshStatusPending, Watched: true,
		}
		o.Since, _ = middleware.GetServerTime(out.ResultMetadata)
		return o, nil
	}
	now, lookErr := r.named(ctx, map[string]graph.Observed{o.ID: o}, o.ID)
	if lookErr == nil && len(now) == 1 && len(r.diffMembers(now[0])) == 0 {
		return now[0], nil
	}
	return o, err
}

func countOf(some, all int32) string { return fmt.Sprintf("%d of %d instances", some, all) }
