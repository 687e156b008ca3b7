package cloud

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

// EC2Tags is a tag map as EC2 takes it, in a stable order.
func EC2Tags(tags map[string]string) []types.Tag {
	out := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}
	return out
}

// EC2TagSpec tags a thing of the given type in the call that creates it.
func EC2TagSpec(kind types.ResourceType, tags map[string]string) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: kind, Tags: EC2Tags(tags)}}
}

// EC2Identity is the identity of a thing that EC2 described.
func EC2Identity(id *string, tags []types.Tag) graph.Identity {
	have := make(map[string]string, len(tags))
	for _, tag := range tags {
		have[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	return graph.Identity{ID: aws.ToString(id), Tags: have}
}

// EC2Filter selects what a look lists: the stack's resources by tag, or just the IDs it was given.
func EC2Filter(s *graph.Look, idFilter string) []types.Filter {
	if s.Only != nil {
		return []types.Filter{{Name: aws.String(idFilter), Values: s.Only}}
	}
	return []types.Filter{{Name: aws.String("tag:" + graph.TagStack), Values: []string{s.Owner.Stack}}}
}

// EC2Tagger is the part of EC2 that changes the tags of things that exist.
type EC2Tagger interface {
	CreateTags(context.Context, *ec2.CreateTagsInput, ...func(*ec2.Options)) (*ec2.CreateTagsOutput, error)
	DeleteTags(context.Context, *ec2.DeleteTagsInput, ...func(*ec2.Options)) (*ec2.DeleteTagsOutput, error)
}

// EC2Retag makes the tag changes among changes and returns the identity as it is afterwards. Tags go before
// others come: a thing that carries as many as it can has no room for a renamed one.
func EC2Retag(
	ctx context.Context, api EC2Tagger, i graph.Identity, want graph.Tags, changes []graph.Change,
) (graph.Identity, error) {
	now, set, remove := want.Apply(i.Tags, changes)
	if len(remove) > 0 {
		gone := make([]types.Tag, 0, len(remove))
		for _, key := range remove {
			gone = append(gone, types.Tag{Key: aws.String(key)})
		}
		if _, err := api.DeleteTags(ctx, &ec2.DeleteTagsInput{Resources: []string{i.ID}, Tags: gone}); err != nil {
			return i, err
		}
	}
	if len(set) > 0 {
		if _, err := api.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{i.ID}, Tags: EC2Tags(set)}); err != nil {
			return i, err
		}
	}
	return graph.Identity{ID: i.ID, Tags: now}, nil
}
