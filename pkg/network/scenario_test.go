package network

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// Making and removing the whole takes no more calls than there are things to make, join and delete.
func TestUpAndDownScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{ReadLag: 1})
		s.Up(s.network)
		made := map[string]int{
			"CreateVpc": 1, "ModifyVpcAttribute": 1, "CreateInternetGateway": 1, "AttachInternetGateway": 1,
			"CreateSubnet": 2, "AllocateAddress": 1, "CreateNatGateway": 1, "CreateVpcEndpoint": 2,
			"CreateRouteTable": 2, "AssociateRouteTable": 2, "CreateRoute": 2,
			"CreateSecurityGroup": 3, "AuthorizeSecurityGroupIngress": 3,
		}
		if diff := cmp.Diff(made, s.Writes()); diff != "" {
			t.Errorf("calls of up (-want +got):\n%s", diff)
		}

		// By the time of a removal, lists have caught up with what AWS made for endpoints and gateways.
		if _, err := s.EC2.DescribeNetworkInterfaces(t.Context(), &ec2.DescribeNetworkInterfacesInput{}); err != nil {
			t.Fatal(err)
		}
		s.Sandbox.ForgetCalls()
		s.Down()
		deleted := map[string]int{
			"DeleteVpc": 1, "DetachInternetGateway": 1, "DeleteInternetGateway": 1, "DeleteSubnet": 2, "ReleaseAddress": 1,
			"DeleteNatGateway": 1, "DeleteVpcEndpoints": 1, "DeleteRouteTable": 2, "DeleteSecurityGroup": 3,
		}
		if diff := cmp.Diff(deleted, s.Writes()); diff != "" {
			t.Errorf("calls of down (-want +got):\n%s", diff)
		}
	})
}

// A look at the region is one call a kind, and one for the attribute that AWS does not list. They go side by side.
func TestPlanReadsOnceScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.network)
		s.Sandbox.ForgetCalls()
		if got := sandboxtest.Differences(s.Plan(s.network)); len(got) > 0 {
			t.Errorf("differs: %v", got)
		}
		want := map[string]int{
			"DescribeVpcs": 1, "DescribeVpcAttribute": 2, "DescribeNetworkAcls": 1, "DescribeInternetGateways": 1, "DescribeSubnets": 1,
			"DescribeAddresses": 1, "DescribeNatGateways": 1, "DescribeRouteTables": 1, "DescribeSecurityGroups": 1,
			"DescribeVpcEndpoints": 1,
		}
		if diff := cmp.Diff(want, s.Calls()); diff != "" {
			t.Errorf("calls of plan (-want +got):\n%s", diff)
		}
	})
}

// Changes of the wish are made in place.
func TestWishesChangeScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.network)
		s.Up(s.more)
		s.Up(s.network)
		s.Down()
	})
}

// A create whose answer is lost is looked for and never made twice.
func TestLostAnswersScenario(t *testing.T) {
	for _, action := range []string{
		"CreateVpc", "CreateSubnet", "CreateInternetGateway", "AllocateAddress", "CreateNatGateway", "CreateRouteTable",
		"CreateSecurityGroup", "CreateVpcEndpoint", "AttachInternetGateway", "AssociateRouteTable", "CreateRoute",
		"AuthorizeSecurityGroupIngress", "ModifyVpcAttribute",
		"DeleteVpc", "DeleteSubnet", "DetachInternetGateway", "DeleteInternetGateway", "ReleaseAddress",
		"DeleteNatGateway", "DeleteRouteTable", "DeleteSecurityGroup", "DeleteVpcEndpoints",
	} {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault := sandboxtest.Fault(t, "*/ec2:"+action+"#1/lost-response")
				s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{fault}, ReadLag: 1})
				s.Up(s.network)
				s.OneOfEach(s.network)
				s.Down()
			})
		})
	}
}
