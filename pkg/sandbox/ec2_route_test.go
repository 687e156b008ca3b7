package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

func TestRoutes(t *testing.T) {
	const everywhere = "0.0.0.0/0"
	for _, test := range []struct {
		name, code string
		run        func(w world, vpc, table, gateway string) error
	}{
		{"to the gateway", "", func(w world, _, table, gateway string) error { return w.tryRoute(table, everywhere, gateway) }},
		{"twice", "RouteAlreadyExists", func(w world, _, table, gateway string) error {
			w.check(w.tryRoute(table, everywhere, gateway))
			return w.tryRoute(table, everywhere, gateway)
		}},
		{"twice, written differently", "RouteAlreadyExists", func(w world, _, table, gateway string) error {
			w.check(w.tryRoute(table, "172.16.0.0/12", gateway))
			return w.tryRoute(table, "172.16.0.9/12", gateway)
		}},
		{"to no gateway", "InvalidGatewayID.NotFound", func(w world, _, table, _ string) error {
			return w.tryRoute(table, everywhere, "igw-1")
		}},
		{"to another VPC's gateway", "InvalidParameterValue", func(w world, _, table, _ string) error {
			return w.tryRoute(table, everywhere, w.gateway(w.vpc("10.1.0.0/16")))
		}},
		{"in no table", "InvalidRouteTableID.NotFound", func(w world, _, _, gateway string) error {
			return w.tryRoute("rtb-1", everywhere, gateway)
		}},
		{"inside of the VPC", "InvalidParameterValue", func(w world, _, table, gateway string) error {
			return w.tryRoute(table, "10.0.1.0/24", gateway)
		}},
		{"no block", "InvalidParameterValue", func(w world, _, table, gateway string) error {
			return w.tryRoute(table, "home", gateway)
		}},
		{"without a target", "MissingParameter", func(w world, _, table, _ string) error { return w.tryRoute(table, everywhere, "") }},
		{"replace what is not there", "InvalidParameterValue", func(w world, _, table, gateway string) error {
			_, err := w.ReplaceRoute(w.Context(), &ec2.ReplaceRouteInput{
				RouteTableId: &table, DestinationCidrBlock: aws.String(everywhere), GatewayId: &gateway,
			})
			return err
		}},
		{"delete what is not there", "InvalidRoute.NotFound", func(w world, _, table, _ string) error {
			return w.tryUnroute(table, everywhere)
		}},
		{"delete the local one", "InvalidParameterValue", func(w world, _, table, _ string) error {
			return w.tryUnroute(table, "10.0.0.0/16")
		}},
		{"delete", "", func(w world, _, table, gateway string) error {
			w.check(w.tryRoute(table, everywhere, gateway))
			return w.tryUnroute(table, everywhere)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, sandbox.Options{}, func(w world) {
				vpc := w.vpc("10.0.0.0/16")
				w.refused(test.run(w, vpc, w.table(vpc), w.gateway(vpc)), test.code)
			})
		})
	}
}

func (w world) tryRoute(table, destination, gateway string) error {
	in := &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: &destination}
	if gateway != "" {
		in.GatewayId = &gateway
	}
	_, err := w.CreateRoute(w.Context(), in)
	return err
}

func (w world) tryUnroute(table, destination string) error {
	_, err := w.DeleteRoute(w.Context(), &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: &destination})
	return err
}

// A route goes black when its gateway is detached, and a subnet's deletion ends its association.
func TestRouteTableFollowsWhatItNames(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		table, gateway, subnet := w.table(vpc), w.gateway(vpc), w.subnet(vpc, "10.0.0.0/24", "a")
		w.check(w.tryRoute(table, "0.0.0.0/0", gateway))
		w.check(w.tryAssociate(table, subnet))
		if got := w.routeState(table, "0.0.0.0/0"); got != types.RouteStateActive {
			t.Errorf("route is %s", got)
		}
		_, err := w.DetachInternetGateway(w.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc})
		w.check(err)
		if got := w.routeState(table, "0.0.0.0/0"); got != types.RouteStateBlackhole {
			t.Errorf("route at a detached gateway is %s", got)
		}
		_, err = w.DeleteSubnet(w.Context(), &ec2.DeleteSubnetInput{SubnetId: &subnet})
		w.check(err)
		_, err = w.DeleteRouteTable(w.Context(), &ec2.DeleteRouteTableInput{RouteTableId: &table})
		w.check(err)
	})
}

func TestReplaceRouteTableAssociation(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		one, two, subnet := w.table(vpc), w.table(vpc), w.subnet(vpc, "10.0.0.0/24", "a")
		made, err := w.AssociateRouteTable(w.Context(), &ec2.AssociateRouteTableInput{RouteTableId: &one, SubnetId: &subnet})
		w.check(err)
		replaced, err := w.ReplaceRouteTableAssociation(w.Context(), &ec2.ReplaceRouteTableAssociationInput{
			AssociationId: made.AssociationId, RouteTableId: &two,
		})
		w.check(err)
		_, err = w.DisassociateRouteTable(w.Context(), &ec2.DisassociateRouteTableInput{AssociationId: made.AssociationId})
		w.refused(err, "InvalidAssociationID.NotFound")
		found, err := w.DescribeRouteTables(w.Context(), &ec2.DescribeRouteTablesInput{Filters: filter("association.subnet-id", subnet)})
		w.check(err)
		if len(found.RouteTables) != 1 || *found.RouteTables[0].RouteTableId != two {
			t.Errorf("the subnet's route table: %v", found.RouteTables)
		}
		_, err = w.DisassociateRouteTable(w.Context(), &ec2.DisassociateRouteTableInput{AssociationId: replaced.NewAssociationId})
		w.check(err)
		main, err := w.DescribeRouteTables(w.Context(), &ec2.DescribeRouteTablesInput{Filters: filter("association.main", "true")})
		w.check(err)
		_, err = w.DisassociateRouteTable(w.Context(), &ec2.DisassociateRouteTableInput{
			AssociationId: main.RouteTables[0].Associations[0].RouteTableAssociationId,
		})
		w.refused(err, "InvalidParameterValue")
	})
}
