package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

func TestTagsByKeyAndValue(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		ours, theirs := w.vpc("10.1.0.0/16"), w.vpc("10.2.0.0/16")
		for id, owner := range map[string]string{ours: "us", theirs: "them"} {
			do(w.T, w.CreateTags, &ec2.CreateTagsInput{Resources: []string{id}, Tags: []types.Tag{
				{Key: aws.String("owner"), Value: &owner}, {Key: aws.String("other"), Value: aws.String("us")},
			}})
		}
		found := do(w.T, w.DescribeTags, &ec2.DescribeTagsInput{
			Filters: []types.Filter{{Name: aws.String("tag:owner"), Values: []string{"us"}}},
		}).Tags
		if len(found) != 1 || *found[0].ResourceId != ours || *found[0].Key != "owner" {
			w.Errorf("tags: %+v", found)
		}
	})
}
