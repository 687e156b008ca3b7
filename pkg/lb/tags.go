package lb

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// TagAPI is the part of Elastic Load Balancing that reads and changes tags of things that exist.
type TagAPI interface {
	DescribeTags(context.Context, *elb.DescribeTagsInput, ...func(*elb.Options)) (*elb.DescribeTagsOutput, error)
	AddTags(context.Context, *elb.AddTagsInput, ...func(*elb.Options)) (*elb.AddTagsOutput, error)
	RemoveTags(context.Context, *elb.RemoveTagsInput, ...func(*elb.Options)) (*elb.RemoveTagsOutput, error)
}

// tagsPerCall is the limit of DescribeTags.
const tagsPerCall = 20

// withTags completes what list returns with tags, which are not in the lists' answers. It leaves
// out resources that were deleted in between.
func withTags[O graph.Observed](
	ctx context.Context, s *graph.Look, api TagAPI,
	list func(context.Context) ([]O, error), identity func(*O) *graph.Identity,
) ([]O, error) {
	var bound errgroup.Group
	bound.Go(func() error { _, err := boundTags(ctx, s, api); return err })
	found, err := list(ctx)
	if waitErr := bound.Wait(); err == nil {
		err = waitErr
	}
	if err != nil {
		return nil, err
	}
	arns := make([]string, 0, len(found))
	for _, o := range found {
		arns = append(arns, o.Ident().ID)
	}
	tags, err := tagsOf(ctx, s, api, arns)
	if err != nil {
		return nil, err
	}
	kept := make([]O, 0, len(found))
	for _, o := range found {
		if have, ok := tags[o.Ident().ID]; ok {
			identity(&o).Tags = have
			kept = append(kept, o)
		}
	}
	return kept, nil
}

// boundTags reads the tags of everything that the journal knows, whatever its kind: one call, which need not wait for
// the lists.
func boundTags(ctx context.Context, s *graph.Look, api TagAPI) (map[string]map[string]string, error) {
	return graph.Once(ctx, s, "elb-tags", func(ctx context.Context) (map[string]map[string]string, error) {
		if s.Only != nil || s.Known != nil {
			return nil, nil
		}
		return readTags(ctx, api, slices.Concat(
			s.Bound[LoadBalancers{}.Kind()], s.Bound[TargetGroups{}.Kind()], s.Bound[Listeners{}.Kind()],
		))
	})
}

func tagsOf(
	ctx context.Context, s *graph.Look, api TagAPI, arns []string,
) (map[string]map[string]string, error) {
	bound, err := boundTags(ctx, s, api)
	if err != nil {
		return nil, err
	}
	known := map[string]map[string]string{}
	maps.Copy(known, bound)
	for id, o := range s.Known {
		known[id] = o.Ident().Tags
	}
	unknown := slices.DeleteFunc(slices.Sorted(slices.Values(arns)), func(arn string) bool {
		_, ok := known[arn]
		return ok
	})
	if len(unknown) == 0 {
		return known, nil
	}
	name := "elb-tags " + strings.Join(unknown, " ")
	more, err := graph.Once(ctx, s, name, func(ctx context.Context) (map[string]map[string]string, error) {
		return readTags(ctx, api, unknown)
	})
	if err != nil {
		return nil, err
	}
	all := maps.Clone(more)
	maps.Copy(all, known)
	return all, nil
}

// readTags leaves out what does not exist. DescribeTags fails as a whole when one of its ARNs is unknown, so that it
// is then asked for each.
func readTags(ctx context.Context, api TagAPI, arns []string) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for some := range slices.Chunk(arns, tagsPerCall) {
		out, err := api.DescribeTags(ctx, &elb.DescribeTagsInput{ResourceArns: some})
		switch {
		case cloud.IsNotFound(err) && len(some) == 1:
			continue
		case cloud.IsNotFound(err):
			for _, arn := range some {
				one, err := readTags(ctx, api, []string{arn})
				if err != nil {
					return nil, err
				}
				maps.Copy(all, one)
			}
			continue
		case err != nil:
			return nil, err
		}
		for _, described := range out.TagDescriptions {
			have := map[string]string{}
			for _, tag := range described.Tags {
				have[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
			all[aws.ToString(described.ResourceArn)] = have
		}
	}
	return all, nil
}

func tagList(tags map[string]string) []types.Tag {
	list := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}
	return list
}

// retag makes the tag changes among changes and returns the identity as it is afterwards. Tags go before
// others come: a thing that carries as many as it can has no room for a renamed one.
func retag(
	ctx context.Context, api TagAPI, i graph.Identity, want graph.Tags, changes []graph.Change,
) (graph.Identity, error) {
	now, set, remove := want.Apply(i.Tags, changes)
	if len(remove) > 0 {
		if _, err := api.RemoveTags(ctx, &elb.RemoveTagsInput{ResourceArns: []string{i.ID}, TagKeys: remove}); err != nil {
			return i, err
		}
	}
	if len(set) > 0 {
		if _, err := api.AddTags(ctx, &elb.AddTagsInput{ResourceArns: []string{i.ID}, Tags: tagList(set)}); err != nil {
			return i, err
		}
	}
	return graph.Identity{ID: i.ID, Tags: now}, nil
}

// tagWrites is how the tags of all kinds here change.
var tagWrites = kind.Tagging("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")
