package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
	"provision/pkg/state"
)

// A failed run ends with the exit code of the contract, the cause with its resource and region, and the next step.
func TestExitCodesOfTrouble(t *testing.T) {
	const two = "us-east-1,eu-west-1"
	for name, tc := range map[string]struct {
		fault   string
		regions string
		code    int
		says    []string
	}{
		"one region's quota": {
			"eu-west-1/ec2:CreateVpc/code=VpcLimitExceeded,message=no more", two, ending.Partial,
			[]string{"provision: eu-west-1: create vpc: ", "VpcLimitExceeded", "next: ", "VPCs per Region"},
		},
		"every region's quota": {
			"*/ec2:AllocateAddress/code=AddressLimitExceeded,message=no more", two, ending.Failed,
			[]string{"us-east-1, eu-west-1: create elastic-ip/a: AddressLimitExceeded", "EC2-VPC Elastic IPs"},
		},
		"one region that can't be read": {
			"eu-west-1/ec2:Describe*/code=OptInRequired,message=no", two, ending.Partial,
			[]string{"eu-west-1", "OptInRequired", "next: opt in to the region"},
		},
		"no right to": {
			"*/ec2:CreateNatGateway/code=UnauthorizedOperation,message=no", "eu-west-1", ending.Failed,
			[]string{"create nat-gateway/a", "UnauthorizedOperation", "next: "},
		},
		"credentials that expire": {
			"*/ec2:CreateSubnet/expired-token", "eu-west-1", ending.Failed,
			[]string{"create subnet/", "RequestExpired", "next: ", "log in again"},
		},
		"credentials that are expired": {
			"*/*:*/expired-token", "eu-west-1", ending.Failed, []string{"read the identity of the credentials", "next: ", "log in again"},
		},
		"nobody who answers": {"*/*:*/before", "eu-west-1", ending.Failed, []string{"read the identity of the credentials", "next: "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fault, err := sandbox.ParseFault(tc.fault)
				if err != nil {
					t.Fatal(err)
				}
				w := newWorld(t, sandbox.Options{Faults: []sandbox.Fault{fault}}, smallStack)
				got := w.must(tc.code, w.run("up", "--regions", tc.regions, "--yes"))
				w.says(got, tc.says...)
				w.explains(got)
			})
		})
	}
}

// A run that is refused names the lock's holder.
func TestLockedStateIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		since := time.Date(2026, 11, 24, 3, 4, 5, 0, time.UTC)
		holder := state.Holder{PID: 4711, Host: "ci-runner-7", User: "deploy", Command: "down", Since: since}
		lock, err := state.NewLocal(w.dir+"/web.json", state.Options{}).Acquire(t.Context(), state.Request{Holder: holder})
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"up", "down"} {
			got := w.must(ending.Locked, w.run(command, "--regions", "eu-west-1", "--yes"))
			w.says(got, "4711", "ci-runner-7", "deploy", "down", "2026-11-24", "--lock-timeout", "`provision state unlock`")
			w.explains(got)
		}
		if made := w.mutations(); len(made) > 0 {
			t.Errorf("calls of those who were refused: %v", made)
		}
		if err := lock.Release(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// down names what is in its way before it deletes anything, and after that, if told not to look; it keeps the state. status tells of a change by its exit code only if it is asked to.
func TestDownThatIsHeldAndStatusOfDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
		api := ec2.NewFromConfig(aws.Config{
			Region: "eu-west-1", HTTPClient: w.box,
			Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "secret", ""),
		})
		vpcs, err := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := api.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
			VpcId: vpcs.Vpcs[0].VpcId, GroupName: aws.String("theirs"), Description: aws.String("theirs"),
		})
		if err != nil {
			t.Fatal(err)
		}
		w.must(ending.Done, w.run("status", "--detailed-exitcode")) // which is not the stack's
		w.mutations()
		refused := w.must(ending.Refused, w.run("down", "--yes"))
		w.says(refused, "held by security group "+*theirs.GroupId, "next: remove what holds it", "--skip-check skips this check")
		if made := w.mutations(); len(made) > 0 {
			t.Errorf("a refused down made %v", made)
		}
		got := w.must(ending.Unproven, w.run("down", "--yes", "--skip-check"))
		w.says(got, "delete vpc: held by security group "+*theirs.GroupId, "next: remove what holds it")
		w.explains(got)
		w.must(ending.Done, w.run("status"))
		w.must(ending.Unproven, w.run("status", "--detailed-exitcode")) // no target is left that could be healthy
		if _, err := api.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: theirs.GroupId}); err != nil {
			t.Fatal(err)
		}
		w.must(ending.Done, w.run("down", "--yes"))
		if left := w.things(); len(left) > 0 {
			t.Errorf("left after down: %v", left)
		}
	})
}

// The load balancer is protected against deletion, which a removal would reach when the instances are gone: it does
// not start, and the stack keeps serving.
func TestDownOfAProtectedLoadBalancer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
		api := elb.NewFromConfig(aws.Config{
			Region: "eu-west-1", HTTPClient: w.box,
			Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "secret", ""),
		})
		protect := func(on string) {
			t.Helper()
			found, err := api.DescribeLoadBalancers(t.Context(), &elb.DescribeLoadBalancersInput{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = api.ModifyLoadBalancerAttributes(t.Context(), &elb.ModifyLoadBalancerAttributesInput{
				LoadBalancerArn: found.LoadBalancers[0].LoadBalancerArn,
				Attributes:      []elbtypes.LoadBalancerAttribute{{Key: aws.String("deletion_protection.enabled"), Value: aws.String(on)}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		protect("true")
		w.mutations()
		got := w.must(ending.Refused, w.run("down", "--yes"))
		w.says(got, "deletion protection: load-balancer is protected against deletion", "next: turn it off, if that is right",
			"aws elbv2 modify-load-balancer-attributes")
		if made := w.mutations(); len(made) > 0 {
			t.Errorf("a refused down made %v", made)
		}
		status := w.must(ending.Changes, w.run("status", "--detailed-exitcode"))
		for _, part := range []string{"~ 1 difference ", "deletion_protection.enabled: true, instead of false (not ours to change)", "2 of 2"} {
			if !strings.Contains(status.out, part) {
				t.Errorf("%q is not shown:\n%s", part, status.out)
			}
		}
		protect("false")
		w.must(ending.Done, w.run("down", "--yes"))
		if left := w.things(); len(left) > 0 {
			t.Errorf("left after down: %v", left)
		}
	})
}
