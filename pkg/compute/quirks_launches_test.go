package compute_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/compute"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// lastingLaunches are launches that AWS refuses, or instances that die at once, until a person has acted: the call that fails, its
// code and AWS's words, and what the advice names.
var lastingLaunches = map[string]struct{ action, code, words, next string }{
	"unsupported in each zone": {
		"RunInstances", "Unsupported", "Your requested instance type (t3.micro) is not supported in your requested Availability Zone (eu-west-1a).",
		"compute.type",
	},
	"free tier": {
		"RunInstances", "InvalidParameterCombination", "The specified instance type is not eligible for Free Tier.", "compute.type",
	},
	"blocked": {
		"RunInstances", "Blocked", "This account is currently blocked and not recognized as a valid account.", "AWS Support",
	},
	"pending verification": {
		"RunInstances", "PendingVerification", "Your request for accessing resources in this region is being validated, and you will not " +
			"be able to launch additional resources in this region until the validation is complete.", "mail",
	},
	"not authorized": {
		"RunInstances", "UnauthorizedOperation", "You are not authorized to perform this operation. Encoded authorization failure message: x",
		"decode-authorization-message",
	},
	"image gone": {
		"RunInstances", "InvalidAMIID.NotFound", "The image id '[ami-1]' does not exist", "compute.ami",
	},
	"image disabled": {
		"RunInstances", "AuthFailure", "Not authorized for images: [ami-1]", "compute.ami",
	},
	"quota of CPUs": {
		"RunInstances", "VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of 0 allows.", "L-1216C47A",
	},
	"tag key": {
		"RunInstances", "InvalidParameterValue", "'cost/center' is not a valid tag key.", "rename that tag",
	},
	"key of volumes": {
		"InstanceRunning", "Client.InternalError", "Client error on launch", "AWSServiceRoleForAutoScaling",
	},
	"state of that key": {
		"InstanceRunning", "Client.InvalidKMSKey.InvalidState", "The KMS key provided is in an incorrect state", "AWSServiceRoleForAutoScaling",
	},
	"quota of volumes": {
		"InstanceRunning", "Client.VolumeLimitExceeded", "Volume limit exceeded", "L-7A658B76",
	},
}

// A wait for instances that can't come ends long before its limit, with AWS's words and what to do. So it does in a refresh,
// whose old instances serve on.
func TestQuirksLaunchesThatCanNotPass(t *testing.T) {
	for name, tc := range lastingLaunches {
		for _, refresh := range []bool{false, true} {
			t.Run(name+map[bool]string{false: " in a new group", true: " in a refresh"}[refresh], func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newStage(t, sandbox.Options{})
					if refresh {
						s.Up(s.build)
						s.instanceType = "t3.small"
					}
					s.Sandbox.AddFaults(sandboxtest.Fault(t, "*/ec2:"+tc.action+"/code="+tc.code+",message="+tc.words))
					start := s.Sandbox.Clock().Now()
					err := s.Apply(s.build)
					launch, ok := errors.AsType[*compute.LaunchError](err)
					if !ok || !strings.Contains(launch.Why, tc.words) || !strings.Contains(launch.Next, tc.next) {
						t.Errorf("got %v, %+v", err, launch)
					}
					if took := s.Sandbox.Clock().Now().Sub(start); took > 8*time.Minute {
						t.Errorf("it took %s", took)
					}
				})
			})
		}
	}
}

// Launches that fail for a while are waited for.
func TestQuirksLaunchesThatPass(t *testing.T) {
	for name, fault := range map[string]string{
		"profile":     "code=InvalidParameterValue,message=Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
		"capacity":    "code=InsufficientInstanceCapacity",
		"role is new": "code=AccessDenied,message=Access denied when attempting to assume role arn:aws:iam::1:role/x",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				for n := range 20 { // both zones, for some minutes
					s.Sandbox.AddFaults(sandboxtest.Fault(t, fmt.Sprintf("*/ec2:RunInstances#%d/%s", n+1, fault)))
				}
				s.Up(s.build)
				if got := len(s.versions()); got != 2 {
					t.Errorf("%d instances are in service", got)
				}
			})
		})
	}
}

// One zone without the instance type does not matter while another one has it.
func TestQuirksUnsupportedInOneZone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Sandbox.AddFaults(sandboxtest.Fault(t, "*/ec2:RunInstances#1/code=Unsupported,message=Your requested instance type "+
			"(t3.micro) is not supported in your requested Availability Zone (eu-west-1a)."))
		s.Up(s.build)
	})
}

// What failed before the run started to wait does not count: what it was may have been mended since.
func TestQuirksLaunchesThatFailedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.Sandbox.AddFaults(sandboxtest.Fault(t, "*/ec2:RunInstances#1/code=Blocked,message=This account is currently blocked."))
		group := aws.String(name)
		_, err := s.AutoScaling.SetDesiredCapacity(t.Context(), &autoscaling.SetDesiredCapacityInput{
			AutoScalingGroupName: group, DesiredCapacity: aws.Int32(3),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(8 * time.Second) // it has failed, and is not tried again yet
		launching := []string{"Launch"}
		if _, err := s.AutoScaling.SuspendProcesses(t.Context(), &autoscaling.SuspendProcessesInput{
			AutoScalingGroupName: group, ScalingProcesses: launching,
		}); err != nil {
			t.Fatal(err)
		}
		var resumed sync.WaitGroup
		defer resumed.Wait()
		resumed.Go(func() {
			time.Sleep(4 * time.Minute)
			if _, err := s.AutoScaling.ResumeProcesses(s.Context(), &autoscaling.ResumeProcessesInput{
				AutoScalingGroupName: group, ScalingProcesses: launching,
			}); err != nil {
				t.Error(err)
			}
		})
		s.Up(s.build)
	})
}

// Activities come in pages of a hundred at most, and all since the change are read.
func TestQuirksActivitiesArePaged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		start := s.Sandbox.Clock().Now()
		s.Sandbox.AddFaults(sandboxtest.Fault(t, "*/ec2:RunInstances/code=InsufficientInstanceCapacity"))
		if _, err := s.AutoScaling.SetDesiredCapacity(t.Context(), &autoscaling.SetDesiredCapacityInput{
			AutoScalingGroupName: aws.String(name), DesiredCapacity: aws.Int32(3),
		}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Minute)
		launches, err := compute.LaunchesSince(t.Context(), s.AutoScaling, name, start)
		if err != nil || len(launches) <= 100 {
			t.Errorf("%d launches, %v", len(launches), err)
		}
	})
}

// An instance that dies right after its launch ends the launch as Cancelled, which is no failure by its name.
func TestQuirksInstanceThatDiesIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Sandbox.AddFaults(sandboxtest.Fault(t, "*/ec2:InstanceRunning#1/code=Client.InternalError"))
		if err := s.Apply(s.build); err != nil {
			if _, ok := errors.AsType[*compute.LaunchError](err); !ok {
				t.Fatal(err)
			}
		}
		out, err := s.AutoScaling.DescribeScalingActivities(t.Context(), &autoscaling.DescribeScalingActivitiesInput{})
		if err != nil {
			t.Fatal(err)
		}
		cancelled := 0
		for _, a := range out.Activities {
			if a.StatusCode == types.ScalingActivityStatusCodeCancelled &&
				strings.HasSuffix(aws.ToString(a.StatusMessage), "Termination Reason: Client.InternalError: Client error on launch") {
				cancelled++
			}
		}
		if cancelled != 1 {
			t.Errorf("%d launches are cancelled: %+v", cancelled, out.Activities)
		}
	})
}
