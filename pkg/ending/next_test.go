package ending_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/ending"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

func refusedBy(region, code, message string) error {
	return &graph.NodeError{Region: region, Key: "vpc", Tried: "create", Err: &smithy.OperationError{
		ServiceID: "EC2", OperationName: "CreateVpc", Err: &smithy.GenericAPIError{Code: code, Message: message, Fault: smithy.FaultClient},
	}}
}

// Each cause has its next step, once; and to run the command again is none where that would fail again.
func TestEachCauseHasItsNextStep(t *testing.T) {
	quota := refusedBy("eu-west-1", "VpcLimitExceeded", "too many")
	denied := refusedBy("us-east-1", "UnauthorizedOperation", "not authorized")
	deniedToo := refusedBy("us-west-2", "UnauthorizedOperation", "not authorized")
	passing := &graph.NodeError{Region: "eu-west-2", Key: "nat-gateway/a", Tried: "wait for", Err: errors.New("it takes too long")}
	const permit, raise = "use the role that may do this", "delete a VPC, or raise the quota"
	for name, c := range map[string]struct {
		err  error
		want []string // how each starts
	}{
		"a quota here and a permission there": {errors.Join(quota, denied), []string{raise, permit}},
		"of which some regions are done":      {&stack.PartialError{Done: 1, Err: errors.Join(denied, quota)}, []string{permit, raise}},
		"one cause in two regions":            {errors.Join(denied, deniedToo), []string{permit}},
		"one that passes, one that stays":     {errors.Join(passing, denied), []string{permit}},
		"one that passes":                     {passing, []string{ending.GoOn}},
		"a refused run":                       {ending.RefusedError{Err: errors.Join(quota, denied)}, []string{raise, permit}},
		"a refusal that no table knows":       {refusedBy("eu-west-1", "InvalidParameterValue", "bad"), []string{"correct what AWS's message names"}},
		"the user's own end":                  {errors.Join(ending.ErrTimeout, denied), []string{ending.GoOn}},
		"a fleet": {
			&ending.FleetError{Failed: []*ending.TargetError{{Target: "a", Err: quota}, {Target: "b", Err: denied}}}, []string{raise, permit},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := ending.NextSteps("provision up", c.err)
			if len(got) != len(c.want) {
				t.Fatalf("%d steps: %q", len(got), got)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("step %d is %q, and not %q", i, got[i], want)
				}
			}
		})
	}
}

func TestOneCauseInManyRegionsIsPrintedOnce(t *testing.T) {
	var all []error
	for _, region := range []string{"eu-west-1", "us-east-1", "us-west-2"} {
		all = append(all, fmt.Errorf("%s: create vpc: no vpc in arn:aws:ec2:%s:123456789012:vpc/*", region, region))
	}
	all = append(all, errors.New("eu-west-2: create vpc: another cause"))
	var out bytes.Buffer
	ending.Print(&out, "provision up", errors.Join(all...))
	const want = "provision: eu-west-1, us-east-1, us-west-2: create vpc: no vpc in arn:aws:ec2:*:123456789012:vpc/*\n" +
		"provision: eu-west-2: create vpc: another cause\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
