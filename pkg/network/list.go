package network

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// pager is any of the SDK's paginators over EC2.
type pager[P any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*ec2.Options)) (P, error)
}

// list reads all pages, once in each look for each name.
func list[P, T, O any](
	ctx context.Context, s *graph.Look, name string, pages pager[P], items func(P) []T, observe func(T) O,
) ([]O, error) {
	return graph.Once(ctx, s, name, func(ctx context.Context) ([]O, error) {
		var found []O
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, item := range items(page) {
				found = append(found, observe(item))
			}
		}
		return found, nil
	})
}

// sideBySide makes calls that do not depend on each other. One that fails does not cut the others off: a cut call
// may have had its effect.
func sideBySide(calls ...func() error) error {
	var group errgroup.Group
	for _, call := range calls {
		group.Go(call)
	}
	return group.Wait()
}

// retag makes the tag changes among changes, and i what the thing carries afterwards.
func retag(
	ctx context.Context, api cloud.EC2Tagger, i *graph.Identity, want graph.Tags, changes []graph.Change,
) func() error {
	before := *i
	return func() (err error) {
		*i, err = cloud.EC2Retag(ctx, api, before, want, changes)
		return err
	}
}

// identityOf is the identity of what a create call has just made with the claim's tags, whether or not its answer
// repeats them.
func identityOf(id *string, c graph.Claim) graph.Identity {
	return graph.Identity{ID: aws.ToString(id), Tags: c.Tags}
}

// fixedRef is the change of a reference that can't be changed in place, or none.
func fixedRef(field, have string, want graph.Ref, why string) []graph.Change {
	if have == want.ID() {
		return nil
	}
	return []graph.Change{{Field: field, From: have, To: want.String(), Fixed: why}}
}

// tagWrites is how the tags of all kinds here change.
var tagWrites = kind.Tagging("ec2:CreateTags", "ec2:DeleteTags")
