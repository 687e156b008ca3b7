package stack_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// watch is what GuardDuty does to every VPC in which it sees instances.
func (w *world) watch(t *testing.T, region string) {
	t.Helper()
	client := ec2.NewFromConfig(w.config(), func(o *ec2.Options) { o.Region = region })
	found, err := client.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{})
	if err != nil {
		t.Fatal(err)
	}
	vpc := found.Subnets[0].VpcId
	group, err := client.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
		VpcId: vpc, GroupName: aws.String("GuardDutyManagedSecurityGroup-" + *vpc), Description: aws.String("GuardDuty"),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateVpcEndpoint(t.Context(), &ec2.CreateVpcEndpointInput{
		VpcId: vpc, VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{*found.Subnets[0].SubnetId},
		ServiceName: aws.String("com.amazonaws." + region + ".guardduty-data"), SecurityGroupIds: []string{*group.GroupId},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// GuardDuty's endpoint holds the VPC until it is removed, which a removal does if it is told to.
func TestQuirksGuardDuty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.watch(t, "eu-west-1")
		held, isHeld := errors.AsType[*graph.HeldError](w.down(t.Context()))
		if !isHeld || len(held.Commands()) != 1 {
			t.Fatalf("down: %v", held)
		}
		err := w.run(t.Context(), func(s *stack.Stack) error {
			s.RemoveGuardDuty = true
			return s.Remove(t.Context(), s.PlanRemoval(t.Context(), true)).Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		client := ec2.NewFromConfig(w.config(), func(o *ec2.Options) { o.Region = "eu-west-1" })
		if out, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{}); err != nil || len(out.Vpcs) > 0 {
			t.Errorf("VPCs that are left: %v, %v", out, err)
		}
	})
}
