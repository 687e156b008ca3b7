package stack_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/sandbox"
)

func fault(t *testing.T, text string) sandbox.Fault {
	t.Helper()
	f, err := sandbox.ParseFault(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Instances whose way out ends at a public subnet without a route would install nothing.
func TestInstancesWaitForThePublicRoute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Private routes wait for their NAT gateways: the first one is the public one.
		w := newWorld(t, sandbox.Options{Faults: []sandbox.Fault{
			fault(t, "*/ec2:CreateRoute#1/code=UnauthorizedOperation"),
		}}, "eu-west-1")
		_, err := w.up(t.Context())
		const want = "create auto-scaling-group: not tried because route-table/public failed"
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	})
}

// The first group of an account creates its service's role, and that role can't be used for a minute or so: the group's
// first launches fail, and AWS repeats them automatically.
func TestFirstGroupOfAnAccount(t *testing.T) {
	const denied = "code=AccessDenied,message=Access denied when attempting to assume role arn:aws:iam::123456789012:role/" +
		"aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling. Validating load balancer configuration failed."
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Faults: []sandbox.Fault{
			fault(t, "*/ec2:RunInstances#1/"+denied), fault(t, "*/ec2:RunInstances#2/"+denied),
			fault(t, "*/ec2:RunInstances#3/"+denied), fault(t, "*/ec2:RunInstances#4/"+denied),
		}}, "eu-west-1")
		outcome, err := w.up(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if healthy := outcome.Results[1].Healthy; healthy != 2 {
			t.Errorf("%d healthy targets", healthy)
		}
		if failed := w.failedLaunches(t); failed == 0 {
			t.Error("no launch failed before")
		}
	})
}

func (w *world) failedLaunches(t *testing.T) int {
	t.Helper()
	out, err := autoscaling.NewFromConfig(w.config()).DescribeScalingActivities(t.Context(),
		&autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("provision-web")})
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, activity := range out.Activities {
		if activity.StatusCode == types.ScalingActivityStatusCodeFailed {
			failed++
		}
	}
	return failed
}
