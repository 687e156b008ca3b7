package access

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"provision/pkg/graph"
)

func tagList(tags map[string]string) []types.Tag {
	list := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}
	return list
}

func identity(arn *string, tags []types.Tag) graph.Identity {
	have := make(map[string]string, len(tags))
	for _, tag := range tags {
		have[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	return graph.Identity{ID: aws.ToString(arn), Tags: have}
}

// retag makes the tag changes among changes by the two calls of the kind, and returns the identity as it is
// afterwards. Keys are dropped first: one that only changes its case is one key for IAM.
func retag(
	i graph.Identity, want graph.Tags, changes []graph.Change,
	add func([]types.Tag) error, drop func(keys []string) error,
) (graph.Identity, error) {
	now, set, remove := want.Apply(i.Tags, changes)
	if len(remove) > 0 {
		if err := drop(remove); err != nil {
			return i, err
		}
	}
	if len(set) > 0 {
		if err := add(tagList(set)); err != nil {
			return i, err
		}
	}
	return graph.Identity{ID: i.ID, Tags: now}, nil
}
