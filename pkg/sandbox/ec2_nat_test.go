package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

func TestNATGatewayLife(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		w.gateway(vpc)
		subnet, address, table := w.subnet(vpc, "10.0.0.0/24", "a"), w.address(), w.table(vpc)
		nat := w.nat(subnet, address)
		route := func() error {
			_, err := w.CreateRoute(w.Context(), &ec2.CreateRouteInput{
				RouteTableId: &table, NatGatewayId: &nat, DestinationCidrBlock: aws.String("0.0.0.0/0"),
			})
			return err
		}
		w.state(nat, types.NatGatewayStatePending)
		w.refused(route(), "InvalidNatGatewayID.NotFound")
		time.Sleep(59 * time.Second)
		w.state(nat, types.NatGatewayStatePending)
		time.Sleep(61 * time.Second)
		w.state(nat, types.NatGatewayStateAvailable)
		w.check(route())

		_, err := w.DeleteNatGateway(w.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: &nat})
		w.check(err)
		w.state(nat, types.NatGatewayStateDeleting)
		time.Sleep(time.Minute)
		w.state(nat, types.NatGatewayStateDeleted)
		if got := w.routeState(table, "0.0.0.0/0"); got != types.RouteStateBlackhole {
			t.Errorf("the route at a deleted NAT gateway is %s", got)
		}
		_, err = w.DescribeAddresses(w.Context(), &ec2.DescribeAddressesInput{AllocationIds: []string{address}})
		w.check(err) // it stays allocated
		_, err = w.ReleaseAddress(w.Context(), &ec2.ReleaseAddressInput{AllocationId: &address})
		w.check(err)
		time.Sleep(time.Hour)
		_, err = w.DescribeNatGateways(w.Context(), &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{nat}})
		w.refused(err, "NatGatewayNotFound")
	})
}

func (w world) state(nat string, want types.NatGatewayState) {
	w.Helper()
	if got := w.natNow(nat).State; got != want {
		w.Errorf("NAT gateway is %s, want %s", got, want)
	}
}

func (w world) routeState(table, destination string) types.RouteState {
	w.Helper()
	out, err := w.DescribeRouteTables(w.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}})
	w.check(err)
	for _, route := range out.RouteTables[0].Routes {
		if aws.ToString(route.DestinationCidrBlock) == destination {
			return route.State
		}
	}
	w.Fatalf("no route to %s", destination)
	return ""
}

func TestNATGatewayFailsWithoutInternetGateway(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		subnet, address := w.subnet(vpc, "10.0.0.0/24", "a"), w.address()
		nat := w.nat(subnet, address)
		w.state(nat, types.NatGatewayStatePending)
		time.Sleep(2 * time.Minute)
		if now := w.natNow(nat); now.State != types.NatGatewayStateFailed || *now.FailureCode != "Gateway.NotAttached" {
			t.Errorf("NAT gateway without a way out: %s %s", now.State, aws.ToString(now.FailureCode))
		}
		_, err := w.ReleaseAddress(w.Context(), &ec2.ReleaseAddressInput{AllocationId: &address})
		w.check(err)
		_, err = w.DeleteSubnet(w.Context(), &ec2.DeleteSubnetInput{SubnetId: &subnet})
		w.check(err)
	})
}

func TestNATGatewayRefusals(t *testing.T) {
	inWorld(t, sandbox.Options{Quotas: map[sandbox.Quota]int{sandbox.QuotaNATGateways: 1}}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		subnet, address := w.subnet(vpc, "10.0.0.0/24", "a"), w.address()
		w.nat(subnet, address)
		for _, test := range []struct {
			name, code string
			in         ec2.CreateNatGatewayInput
		}{
			{"no address", "MissingParameter", ec2.CreateNatGatewayInput{SubnetId: &subnet}},
			{"no subnet", "MissingParameter", ec2.CreateNatGatewayInput{AllocationId: &address}},
			{"unknown subnet", "InvalidSubnetID.NotFound", ec2.CreateNatGatewayInput{
				SubnetId: aws.String("subnet-1"), AllocationId: &address,
			}},
			{"unknown address", "InvalidAllocationID.NotFound", ec2.CreateNatGatewayInput{
				SubnetId: &subnet, AllocationId: aws.String("eipalloc-1"),
			}},
			{"address in use", "Resource.AlreadyAssociated", ec2.CreateNatGatewayInput{SubnetId: &subnet, AllocationId: &address}},
			{"one too many in the zone", "NatGatewayLimitExceeded", ec2.CreateNatGatewayInput{
				SubnetId: &subnet, AllocationId: aws.String(w.address()),
			}},
			{"regional in a subnet", "InvalidParameterCombination", ec2.CreateNatGatewayInput{
				SubnetId: &subnet, VpcId: &vpc, AvailabilityMode: types.AvailabilityModeRegional,
			}},
			{"private with an address", "InvalidParameterCombination", ec2.CreateNatGatewayInput{
				SubnetId: &subnet, AllocationId: &address, ConnectivityType: types.ConnectivityTypePrivate,
			}},
		} {
			_, err := w.CreateNatGateway(w.Context(), &test.in)
			if got := code(t, err); got != test.code {
				t.Errorf("%s: %q, want %q", test.name, got, test.code)
			}
		}
	})
}

func TestRegionalNATGateway(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		gateway := w.gateway(vpc)
		w.subnet(vpc, "10.0.0.0/24", "a")
		w.subnet(vpc, "10.0.1.0/24", "b")
		made, err := w.CreateNatGateway(w.Context(), &ec2.CreateNatGatewayInput{
			VpcId: &vpc, AvailabilityMode: types.AvailabilityModeRegional,
		})
		w.check(err)
		nat := *made.NatGateway.NatGatewayId
		time.Sleep(2 * time.Minute)
		now := w.natNow(nat)
		if now.State != types.NatGatewayStateAvailable || len(now.NatGatewayAddresses) != 2 || now.SubnetId != nil {
			t.Fatalf("regional NAT gateway: %+v", now)
		}
		if got := w.routeState(*now.RouteTableId, "0.0.0.0/0"); got != types.RouteStateActive {
			t.Errorf("its own table's default route is %s", got)
		}
		_, err = w.DeleteRouteTable(w.Context(), &ec2.DeleteRouteTableInput{RouteTableId: now.RouteTableId})
		w.refused(err, "DependencyViolation")
		_, err = w.ReleaseAddress(w.Context(), &ec2.ReleaseAddressInput{AllocationId: now.NatGatewayAddresses[0].AllocationId})
		w.refused(err, "InvalidIPAddress.InUse")

		_, err = w.DeleteNatGateway(w.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: &nat})
		w.check(err)
		time.Sleep(time.Minute)
		_, err = w.DetachInternetGateway(w.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc})
		w.check(err)
		addresses, err := w.DescribeAddresses(w.Context(), &ec2.DescribeAddressesInput{})
		w.check(err)
		if len(addresses.Addresses) != 0 {
			t.Errorf("it left %d addresses", len(addresses.Addresses))
		}
	})
}
