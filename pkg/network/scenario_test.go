package network

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/sandbox"
)

// Making and removing the whole takes no more calls than there are things to make, join and delete.
func TestUpAndDownScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{ReadLag: 1})
		s.up(s.network)
		made := map[string]int{
			"CreateVpc": 1, "ModifyVpcAttribute": 1, "CreateInternetGateway": 1, "AttachInternetGateway": 1,
			"CreateSubnet": 2, "AllocateAddress": 1, "CreateNatGateway": 1, "CreateVpcEndpoint": 2,
			"CreateRouteTable": 2, "AssociateRouteTable": 2, "CreateRoute": 2,
			"CreateSecurityGroup": 3, "AuthorizeSecurityGroupIngress": 3,
		}
		if diff := cmp.Diff(made, s.writes()); diff != "" {
			t.Errorf("calls of up (-want +got):\n%s", diff)
		}

		s.sandbox.ForgetCalls()
		if err := s.down(); err != nil {
			t.Fatal(err)
		}
		if left := s.left(); len(left) > 0 {
			t.Errorf("left after down: %v", left)
		}
		deleted := map[string]int{
			"DeleteVpc": 1, "DetachInternetGateway": 1, "DeleteInternetGateway": 1, "DeleteSubnet": 2, "ReleaseAddress": 1,
			"DeleteNatGateway": 1, "DeleteVpcEndpoints": 2, "DeleteRouteTable": 2, "DeleteSecurityGroup": 3,
		}
		if diff := cmp.Diff(deleted, s.writes()); diff != "" {
			t.Errorf("calls of down (-want +got):\n%s", diff)
		}
	})
}

// A look at the region is one call a kind, and one for the attribute that AWS does not list. They go side by side.
func TestPlanReadsOnceScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.up(s.network)
		s.sandbox.ForgetCalls()
		if got := differences(s.plan(s.network)); len(got) > 0 {
			t.Errorf("differs: %v", got)
		}
		got := map[string]int{}
		for _, c := range s.sandbox.Calls() {
			got[c.Action]++
		}
		want := map[string]int{
			"DescribeVpcs": 1, "DescribeVpcAttribute": 1, "DescribeInternetGateways": 1, "DescribeSubnets": 1,
			"DescribeAddresses": 1, "DescribeNatGateways": 1, "DescribeRouteTables": 1, "DescribeSecurityGroups": 1,
			"DescribeVpcEndpoints": 1,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("calls of plan (-want +got):\n%s", diff)
		}
	})
}

// Changes of the wish are made in place.
func TestWishesChangeScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.up(s.network)
		s.up(s.more)
		s.up(s.network)
		if err := s.down(); err != nil {
			t.Error(err)
		}
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
				fault, err := sandbox.ParseFault("*/ec2:" + action + "#1/lost-response")
				if err != nil {
					t.Fatal(err)
				}
				s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{fault}, ReadLag: 1})
				s.up(s.network)
				var want []string
				for _, key := range s.graph(s.network).Keys() {
					want = append(want, string(key))
				}
				slices.Sort(want)
				if diff := cmp.Diff(want, s.left()); diff != "" {
					t.Errorf("there after up (-want +got):\n%s", diff)
				}
				if err := s.down(); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff([]string{}, s.left(), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("left after down (-want +got):\n%s", diff)
				}
			})
		})
	}
}
