package reliability

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// Another tool creates a second VPC with our tags, nonce and all, in the middle of an up, as a retry of the SDK's would. The up
// that ends says so, and a sweep removes the one that the state does not know, and nothing else.
func TestUpEndsWithAnAuditThatFindsWhatIsThereTwice(t *testing.T) {
	c := undisturbed(t)
	synctest.Test(t, func(t *testing.T) {
		var w *world
		double := ""
		w = newWorld(t, sandbox.Options{Intercept: func(call sandbox.Call, at sandbox.Moment) error {
			if at == sandbox.After && call.Name() == region+"/ec2:CreateNatGateway" {
				double = w.doubleVPC(t)
			}
			return nil
		}})
		others := w.account(t)
		var outcome stack.Outcome
		must(t, w.run(t.Context(), func(ctx context.Context, s *session) error {
			outcome = s.Apply(ctx, s.Plan(ctx))
			return outcome.Err()
		}))
		var spare []string
		for _, result := range outcome.Results {
			for _, one := range result.Spare {
				spare = append(spare, result.Region+" "+string(one.Key())+" "+one.ID)
			}
		}
		if diff := cmp.Diff([]string{region + " vpc " + double}, spare); diff != "" {
			t.Errorf("what the audit finds (-want +got):\n%s", diff)
		}
		must(t, w.sweep(t.Context()))
		w.wait(t, time.Hour)
		w.mustBeUp(t, others, c.count)
	})
}

// doubleVPC creates a VPC with the stack's tags.
func (w *world) doubleVPC(t *testing.T) string {
	t.Helper()
	tags := []types.Tag{}
	w.account(t).each(func(_, kind, _ string, thing json.RawMessage) {
		if kind == "vpc" && tagsOf(thing)[graph.TagKey] != "" {
			for key, value := range tagsOf(thing) {
				tags = append(tags, types.Tag{Key: aws.String(key), Value: aws.String(value)})
			}
		}
	})
	out, err := w.clients().EC2.CreateVpc(t.Context(), &ec2.CreateVpcInput{
		CidrBlock:         aws.String("10.200.0.0/16"),
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeVpc, Tags: tags}},
	})
	must(t, err)
	return *out.Vpc.VpcId
}
