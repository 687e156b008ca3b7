package stack_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// afresh leaves out what a rebuilt state can't have in common with the lost one.
var afresh = cmp.Options{
	cmpopts.IgnoreFields(state.Document{}, "Serial", "Updated"), cmpopts.IgnoreFields(state.Head{}, "Created"),
	cmpopts.IgnoreFields(state.Region{}, "Serial"), cmpopts.IgnoreFields(state.Resource{}, "Since"),
	cmpopts.IgnoreFields(state.Facts{}, "Desired"), // nothing in AWS tells which size was applied last
}

// recovered is the state rebuilt from the tags, and the one that the last run left. An empty owner matches any.
func (w *world) recovered(ctx context.Context, owner string) (found, left state.Document, err error) {
	err = w.run(ctx, func(s *stack.Stack) error {
		left = s.Record.Document()
		head := left.Head
		head.Owner = owner
		lost := *s
		lost.Record = stack.ReadOnly{Read: state.Document{Schema: state.Schema, Head: head}}
		found, err = lost.Recover(ctx)
		return err
	})
	return found, left, err
}

// makeVPC makes one that carries the stack's tags.
func (w *world) makeVPC(t *testing.T, region, owner, nonce string) string {
	t.Helper()
	var id string
	err := w.run(t.Context(), func(s *stack.Stack) error {
		out, err := s.Cloud.Region(region).EC2.CreateVpc(t.Context(), &ec2.CreateVpcInput{
			CidrBlock: aws.String("10.200.0.0/16"),
			TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeVpc, map[string]string{
				graph.TagStack: "web", graph.TagOwner: owner, graph.TagKey: "vpc", graph.TagNonce: nonce,
			}),
		})
		if err == nil {
			id = aws.ToString(out.Vpc.VpcId)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestRecoveredStateEqualsTheLostOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
		w.file = filepath.Join(t.TempDir(), "provision.yaml")
		settings := "version: 1\ntags: {team: platform}\noverrides:\n  us-east-1: {network: {azs: 2, nat: single}}\n"
		if err := os.WriteFile(w.file, []byte(settings), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, left, err := w.recovered(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(left, found, afresh); diff != "" {
			t.Errorf("the rebuilt state differs (-lost +rebuilt):\n%s", diff)
		}
	})
}

func TestRecoverTakesOneOwnersThingsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		stranger := state.NewOwner()
		id := w.makeVPC(t, "eu-west-1", stranger, state.NewOwner())

		_, left, err := w.recovered(t.Context(), "")
		both, ok := errors.AsType[*state.OwnersError](err)
		if !ok {
			t.Fatalf("two owners are there, but the error is %v", err)
		}
		for _, owner := range []string{stranger, left.Owner} {
			if !strings.Contains(both.Error(), owner) {
				t.Errorf("%q does not name %s", both, owner)
			}
		}

		found, _, err := w.recovered(t.Context(), left.Owner)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(left, found, afresh); diff != "" {
			t.Errorf("the rebuilt state differs (-lost +rebuilt):\n%s", diff)
		}
		found, _, err = w.recovered(t.Context(), stranger)
		if err != nil {
			t.Fatal(err)
		}
		theirs := found.Regions["eu-west-1"]
		if len(theirs.Resources) != 1 || theirs.Resources["vpc"].ID != id || theirs.CIDR != "10.200.0.0/16" {
			t.Errorf("the stranger's state has %+v", theirs)
		}
	})
}

func TestRecoverRefusesWhatIsThereTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, left, err := w.recovered(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		id := w.makeVPC(t, "eu-west-1", left.Owner, state.NewOwner())
		_, _, err = w.recovered(t.Context(), "")
		twice, ok := errors.AsType[*graph.DuplicateError](err)
		if !ok || twice.Key != "vpc" || !strings.Contains(twice.Error(), id) {
			t.Errorf("two VPCs are there, but the error is %v", err)
		}
	})
}

func TestNothingIsNoState(t *testing.T) {
	w := newWorld(t, sandbox.Options{}, "eu-west-1")
	if _, _, err := w.recovered(t.Context(), ""); !errors.Is(err, state.ErrNothing) {
		t.Errorf("nothing exists, but the error is %v", err)
	}
}
