package observe

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// LogGroupAPI is what this file calls.
type LogGroupAPI interface {
	cloudwatchlogs.DescribeLogGroupsAPIClient
	ListTagsForResource(
		context.Context, *cloudwatchlogs.ListTagsForResourceInput, ...func(*cloudwatchlogs.Options),
	) (*cloudwatchlogs.ListTagsForResourceOutput, error)
	CreateLogGroup(
		context.Context, *cloudwatchlogs.CreateLogGroupInput, ...func(*cloudwatchlogs.Options),
	) (*cloudwatchlogs.CreateLogGroupOutput, error)
	PutRetentionPolicy(
		context.Context, *cloudwatchlogs.PutRetentionPolicyInput, ...func(*cloudwatchlogs.Options),
	) (*cloudwatchlogs.PutRetentionPolicyOutput, error)
	TagResource(
		context.Context, *cloudwatchlogs.TagResourceInput, ...func(*cloudwatchlogs.Options),
	) (*cloudwatchlogs.TagResourceOutput, error)
	UntagResource(
		context.Context, *cloudwatchlogs.UntagResourceInput, ...func(*cloudwatchlogs.Options),
	) (*cloudwatchlogs.UntagResourceOutput, error)
	DeleteLogGroup(
		context.Context, *cloudwatchlogs.DeleteLogGroupInput, ...func(*cloudwatchlogs.Options),
	) (*cloudwatchlogs.DeleteLogGroupOutput, error)
}

// LogGroupState is a log group as observed; its ID is its name.
type LogGroupState struct {
	graph.Identity
	ARN       string // as the calls about tags take it
	Retention int    // in days; 0: for ever
	Imposed   bool   // a policy of the account decides how long events are kept
}

// Facts implements [kind.Telling]: how long events are kept.
func (o LogGroupState) Facts() []string {
	if o.Retention == 0 {
		return []string{"keeps events for ever"}
	}
	return []string{"keeps events for " + strconv.Itoa(o.Retention) + " days"}
}

// LogGroups is the kind "log-group". They are found by name, which is unique in a region: the list has no tags.
type LogGroups struct {
	API  LogGroupAPI
	Name string
}

// LogGroup is the wish for one.
type LogGroup struct {
	LogGroups
	graph.Meta
	Retention int // in days
}

// FieldRetention is for how long events are kept, in days.
const FieldRetention = "retentionInDays"

// LogGroupName is that of the flow logs of a stack.
func LogGroupName(stack string) string { return "/" + stack + "/flow-logs" }

// LogGroupKind is what is known of the kind "log-group".
var LogGroupKind = kind.Register(kind.Registration{
	Title:    "Log group",
	Setting:  "network.flow_logs.traffic",
	TaggedAs: kind.NotByEC2,
	After:    []string{"flow-log"},
	Writes: kind.Writes{
		Create: "logs:CreateLogGroup", Later: []string{FieldRetention}, Delete: []string{"logs:DeleteLogGroup"},
		Update: []kind.Update{
			kind.Tagging("logs:TagResource", "logs:UntagResource"),
			{Field: FieldRetention, Set: []string{"logs:PutRetentionPolicy"}},
		},
	},
	Actions: kind.Actions{
		// The calls about tags ask for the ARN itself, all others for the one that ends in :*; see LogGroup in the API reference
		// of CloudWatch Logs. This is both, of all log groups of the stack.
		On:   []string{"logs:*:{account}:log-group:/{name}/*"},
		Read: []string{"logs:DescribeLogGroups", "logs:ListTagsForResource"},
		ChangeOn: []string{
			"logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{FieldRetention},
		Unread:   []string{"the key, metric filters and subscriptions"},
	},
	Least: kind.Least{Follow: kind.OneCall, Reads: 1},
	Place: kind.Services,
}, func(c *cloud.Region, stack string) LogGroups {
	return LogGroups{API: c.Logs, Name: LogGroupName(stack)}
})

// Kind implements [graph.Kind].
func (LogGroups) Kind() string { return "log-group" }

// Pace implements [graph.Kind].
func (LogGroups) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: the name is unique.
func (LogGroups) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k LogGroups) List(ctx context.Context, s *graph.Look) ([]LogGroupState, error) {
	return graph.Once(ctx, s, "log groups", func(ctx context.Context) ([]LogGroupState, error) {
		names := []string{k.Name}
		if s.Only != nil {
			names = s.Only
		}
		var found []LogGroupState
		for _, name := range names {
			o, err := k.named(ctx, name)
			switch {
			case err != nil:
				return nil, err
			case o != nil:
				found = append(found, *o)
			}
		}
		return found, nil
	})
}

// named reads a log group and its tags; nil if there is none. Others' names may start as this one does.
func (k LogGroups) named(ctx context.Context, name string) (*LogGroupState, error) {
	in := &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(name)}
	for pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(k.API, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(page.LogGroups, func(g types.LogGroup) bool { return aws.ToString(g.LogGroupName) == name })
		if i < 0 {
			continue
		}
		o := observeLogGroup(page.LogGroups[i])
		out, err := k.API.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(o.ARN)})
		if cloud.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		o.Tags = out.Tags
		return &o, nil
	}
	return nil, nil
}

// Phase implements [graph.Kind].
func (LogGroups) Phase(LogGroupState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind]. All events in it are lost.
func (k LogGroups) Delete(ctx context.Context, o LogGroupState) error {
	_, err := k.API.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

// Needs implements [graph.Resource].
func (LogGroup) Needs() []graph.Need { return nil }

// Diff implements [graph.Resource]. Where a policy of the account decides, what is set here has no effect.
func (r LogGroup) Diff(o LogGroupState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	if o.Retention != r.Retention && !o.Imposed {
		changes = append(changes, graph.Change{Field: FieldRetention, From: days(o.Retention), To: days(r.Retention)})
	}
	return changes
}

// Create implements [graph.Resource]. The call has no parameter for the retention.
func (r LogGroup) Create(ctx context.Context, c graph.Claim) (LogGroupState, error) {
	_, err := r.API.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(r.Name), Tags: c.Tags})
	if err != nil {
		return LogGroupState{}, err
	}
	return LogGroupState{Identity: graph.Identity{ID: r.Name, Tags: c.Tags}}, nil
}

// Update implements [graph.Resource]. Tags go before others come: a log group has room for 50.
func (r LogGroup) Update(ctx context.Context, o LogGroupState, changes []graph.Change) (LogGroupState, error) {
	now := o
	var calls errgroup.Group
	calls.Go(func() error {
		tags, set, remove := r.Labels.Apply(o.Tags, changes)
		if len(remove) > 0 {
			in := &cloudwatchlogs.UntagResourceInput{ResourceArn: aws.String(o.ARN), TagKeys: remove}
			if _, err := r.API.UntagResource(ctx, in); err != nil {
				return err
			}
		}
		if len(set) > 0 {
			in := &cloudwatchlogs.TagResourceInput{ResourceArn: aws.String(o.ARN), Tags: set}
			if _, err := r.API.TagResource(ctx, in); err != nil {
				return err
			}
		}
		now.Tags = tags
		return nil
	})
	if graph.Has(changes, FieldRetention) {
		calls.Go(func() error {
			now.Retention = r.Retention
			_, err := r.API.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{
				LogGroupName: aws.String(o.ID), RetentionInDays: aws.Int32(int32(r.Retention)),
			})
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return o, err
	}
	return now, nil
}

// observeLogGroup leaves the tags out. The ARN for the calls about tags is the other one without its end, where an answer
// has only that.
func observeLogGroup(group types.LogGroup) LogGroupState {
	arn := aws.ToString(group.LogGroupArn)
	if arn == "" {
		arn = strings.TrimSuffix(aws.ToString(group.Arn), ":*")
	}
	return LogGroupState{
		Identity:  graph.Identity{ID: aws.ToString(group.LogGroupName)},
		ARN:       arn,
		Retention: int(aws.ToInt32(group.RetentionInDays)),
		Imposed:   aws.ToString(group.RetentionPolicyName) != "",
	}
}

func days(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
