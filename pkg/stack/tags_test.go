package stack_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// A thing that carries all the tags AWS allows has no room for a renamed one until the old one is gone.
func TestTagIsRenamedWhereNoneFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const region, most = "eu-west-1", 50
		w := newWorld(t, sandbox.Options{}, region)
		w.file = filepath.Join(t.TempDir(), "provision.yaml")
		tagged := func(first string) {
			text := "regions: [" + region + "]\ntags:\n  " + first + ": x\n"
			for i := range 39 {
				text += fmt.Sprintf("  key%02d: x\n", i)
			}
			if err := os.WriteFile(w.file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		tagged("before")
		mustUp(t, w)

		api := ec2.NewFromConfig(w.config())
		vpcs, err := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: []types.Filter{
			{Name: aws.String("tag-key"), Values: []string{"before"}},
		}})
		if err != nil || len(vpcs.Vpcs) != 1 {
			t.Fatal(vpcs, err)
		}
		var more []types.Tag
		for i := len(vpcs.Vpcs[0].Tags); i < most; i++ {
			more = append(more, types.Tag{Key: aws.String(fmt.Sprintf("inventory%d", i)), Value: aws.String("x")})
		}
		if _, err := api.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{*vpcs.Vpcs[0].VpcId}, Tags: more}); err != nil {
			t.Fatal(err)
		}

		tagged("after")
		mustUp(t, w)
		if err := w.run(t.Context(), func(s *stack.Stack) error {
			if plan := s.Plan(t.Context()); plan.Changed() {
				return fmt.Errorf("there is still something to do")
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		for _, tag := range mustVPC(t, api).Tags {
			if strings.EqualFold(aws.ToString(tag.Key), "before") {
				t.Error("the old tag is still there")
			}
		}
	})
}

func mustUp(t *testing.T, w *world) {
	t.Helper()
	outcome, err := w.up(t.Context())
	if err == nil {
		err = outcome.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func mustVPC(t *testing.T, api *ec2.Client) types.Vpc {
	t.Helper()
	vpcs, err := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: []types.Filter{
		{Name: aws.String("tag-key"), Values: []string{"after"}},
	}})
	if err != nil || len(vpcs.Vpcs) != 1 {
		t.Fatal(vpcs, err)
	}
	return vpcs.Vpcs[0]
}
