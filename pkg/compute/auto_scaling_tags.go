package compute

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/graph"
)

// groupTags is what this file calls.
type groupTags interface {
	CreateOrUpdateTags(
		context.Context, *autoscaling.CreateOrUpdateTagsInput, ...func(*autoscaling.Options),
	) (*autoscaling.CreateOrUpdateTagsOutput, error)
	DeleteTags(
		context.Context, *autoscaling.DeleteTagsInput, ...func(*autoscaling.Options),
	) (*autoscaling.DeleteTagsOutput, error)
}

// tagsOf are the tags of a group. Its instances get them at launch, but for the nonce, which one thing carries only.
func tagsOf(group string, tags map[string]string) []types.Tag {
	list := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{
			ResourceId:        aws.String(group),
			ResourceType:      aws.String("auto-scaling-group"),
			Key:               aws.String(key),
			Value:             aws.String(tags[key]),
			PropagateAtLaunch: aws.Bool(key != graph.TagNonce),
		})
	}
	return list
}

// retag makes the tag changes among changes and returns the identity as it is afterwards. Tags go before
// others come: a thing that carries as many as it can has no room for a renamed one.
func (r AutoScalingGroup) retag(
	ctx context.Context, i graph.Identity, changes []graph.Change,
) (graph.Identity, error) {
	now, set, remove := r.Labels.Apply(i.Tags, changes)
	if len(remove) > 0 {
		gone := map[string]string{}
		for _, key := range remove {
			gone[key] = i.Tags[key]
		}
		if _, err := r.API.DeleteTags(ctx, &autoscaling.DeleteTagsInput{Tags: tagsOf(i.ID, gone)}); err != nil {
			return i, err
		}
	}
	if len(set) > 0 {
		in := &autoscaling.CreateOrUpdateTagsInput{Tags: tagsOf(i.ID, set)}
		if _, err := r.API.CreateOrUpdateTags(ctx, in); err != nil {
			return i, err
		}
	}
	return graph.Identity{ID: i.ID, Tags: now}, nil
}
