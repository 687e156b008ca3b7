package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/sandbox"
)

// Reading changes nothing that a dump shows.
func TestDumpIsStable(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		w.gateway(vpc)
		w.group(vpc, "app")
		w.check(w.tryAssociate(w.table(vpc), w.subnet(vpc, "10.0.0.0/24", "a")))
		time.Sleep(time.Minute)
		before := dump(t, w.sandbox)
		for name, read := range map[string]func() error{
			"groups": func() error {
				_, err := w.DescribeSecurityGroups(w.Context(), &ec2.DescribeSecurityGroupsInput{})
				return err
			},
			"tables": func() error {
				_, err := w.DescribeRouteTables(w.Context(), &ec2.DescribeRouteTablesInput{})
				return err
			},
			"ACLs": func() error {
				_, err := w.DescribeNetworkAcls(w.Context(), &ec2.DescribeNetworkAclsInput{})
				return err
			},
			"addresses": func() error { _, err := w.DescribeAddresses(w.Context(), &ec2.DescribeAddressesInput{}); return err },
		} {
			w.check(read())
			if after := dump(t, w.sandbox); after != before {
				t.Errorf("describing %s changed the dump from\n%s\nto\n%s", name, before, after)
			}
		}
	})
}

// A deleted NAT gateway is in a dump only with the tombstones.
func TestDumpTombstones(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		subnet, address := w.subnet(vpc, "10.0.0.0/24", "a"), w.address()
		nat := w.nat(subnet, address)
		_, err := w.DeleteNatGateway(w.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: &nat})
		w.check(err)
		time.Sleep(time.Minute)
		_, err = w.ReleaseAddress(w.Context(), &ec2.ReleaseAddressInput{AllocationId: &address})
		w.check(err)
		_, err = w.DeleteSubnet(w.Context(), &ec2.DeleteSubnetInput{SubnetId: &subnet})
		w.check(err)
		_, err = w.DeleteVpc(w.Context(), &ec2.DeleteVpcInput{VpcId: &vpc})
		w.check(err)
		left, err := w.sandbox.Dump(sandbox.DefaultAccount, false)
		w.check(err)
		if string(left) != "{}" {
			t.Errorf("left: %s", left)
		}
		if dump(t, w.sandbox) == "{}" {
			t.Error("the tombstone is missing")
		}
	})
}
