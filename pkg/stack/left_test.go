package stack_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// A resource with the owner's tags and of a type that no kind has is named, and never deleted: "nothing is left" would
// be untrue.
func TestThingsOfUnknownTypesAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		mustUp(t, w)
		api := ec2.NewFromConfig(w.config())
		var owner string
		if err := w.run(t.Context(), func(s *stack.Stack) error { owner = s.Record.Document().Owner; return nil }); err != nil {
			t.Fatal(err)
		}
		key, err := api.CreateKeyPair(t.Context(), &ec2.CreateKeyPairInput{
			KeyName: aws.String("by-hand"), TagSpecifications: []types.TagSpecification{{
				ResourceType: types.ResourceTypeKeyPair, Tags: []types.Tag{
					{Key: aws.String(graph.TagOwner), Value: aws.String(owner)}, {Key: aws.String(graph.TagStack), Value: aws.String("web")},
				},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		err = w.run(t.Context(), func(s *stack.Stack) error {
			return s.Remove(t.Context(), s.PlanRemoval(t.Context(), true)).Err()
		})
		left, ok := errors.AsType[*stack.LeftError](err)
		if !ok || len(left.Things) != 1 || left.Things[0].ID != *key.KeyPairId || !strings.Contains(left.Error(), "deletes nothing of this type") {
			t.Errorf("removed with %v", err)
		}
		pairs, err := api.DescribeKeyPairs(t.Context(), &ec2.DescribeKeyPairsInput{})
		if err != nil || len(pairs.KeyPairs) != 1 {
			t.Errorf("%d key pairs are there, %v", len(pairs.KeyPairs), err)
		}
	})
}
