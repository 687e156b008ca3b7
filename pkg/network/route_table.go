package network

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// RouteTableAPI is what this file and route_table_wish.go call.
type RouteTableAPI interface {
	cloud.EC2Tagger
	ec2.DescribeRouteTablesAPIClient
	CreateRouteTable(context.Context, *ec2.CreateRouteTableInput, ...func(*ec2.Options)) (*ec2.CreateRouteTableOutput, error)
	DeleteRouteTable(context.Context, *ec2.DeleteRouteTableInput, ...func(*ec2.Options)) (*ec2.DeleteRouteTableOutput, error)
	AssociateRouteTable(context.Context, *ec2.AssociateRouteTableInput, ...func(*ec2.Options)) (*ec2.AssociateRouteTableOutput, error)
	ReplaceRouteTableAssociation(context.Context, *ec2.ReplaceRouteTableAssociationInput, ...func(*ec2.Options)) (*ec2.ReplaceRouteTableAssociationOutput, error)
	DisassociateRouteTable(context.Context, *ec2.DisassociateRouteTableInput, ...func(*ec2.Options)) (*ec2.DisassociateRouteTableOutput, error)
	CreateRoute(context.Context, *ec2.CreateRouteInput, ...func(*ec2.Options)) (*ec2.CreateRouteOutput, error)
	ReplaceRoute(context.Context, *ec2.ReplaceRouteInput, ...func(*ec2.Options)) (*ec2.ReplaceRouteOutput, error)
	DeleteRoute(context.Context, *ec2.DeleteRouteInput, ...func(*ec2.Options)) (*ec2.DeleteRouteOutput, error)
}

// RouteTableState is a route table as observed.
type RouteTableState struct {
	graph.Identity
	VPCID        string
	Associations map[string]string // the association IDs of the subnets that are explicitly associated
	Default      Route             // to 0.0.0.0/0; the zero value is none
	Others       map[string]Route  // that others created, by destination
	Given        map[string]Route  // that AWS keeps for others, such as those that a VPN gateway propagates
}

// Route is where a route table sends what is for a destination.
type Route struct {
	Target    string // the ID of a gateway, network interface, ...
	Blackhole bool   // the target is gone
}

func (r Route) String() string {
	if r.Blackhole {
		return r.Target + " (blackhole)"
	}
	return r.Target
}

// Facts implements [kind.Telling]: where it leads.
func (o RouteTableState) Facts() []string {
	if o.Default.Target != "" {
		return []string{"0.0.0.0/0 → " + o.Default.Target}
	}
	return []string{"no way out"}
}

// RouteTables is the kind "route-table".
type RouteTables struct{ API RouteTableAPI }

// RouteTableKind is what is known of the kind "route-table".
var RouteTableKind = kind.Register(kind.Registration{
	Title:    "Route table",
	TaggedAs: types.ResourceTypeRouteTable,
	After:    []string{"subnet", "vpc-endpoint"},
	Writes: kind.Writes{
		Create: "ec2:CreateRouteTable", Later: []string{"association ", "route "},
		Update: []kind.Update{
			tagWrites,
			{Field: "association ", Set: []string{"ec2:AssociateRouteTable"}, Each: true},
			{Field: "route ", Set: []string{"ec2:CreateRoute"}, Swap: "ec2:ReplaceRoute", Clear: "ec2:DeleteRoute", Each: true},
		},
		Delete: []string{"ec2:DeleteRouteTable"},
	},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeRouteTables"},
		Create: []string{"ec2:CreateRouteTable"},
		Within: []string{"ec2:CreateRouteTable"},
		Change: []string{
			"ec2:CreateTags", "ec2:DeleteTags",
			"ec2:AssociateRouteTable", "ec2:CreateRoute", "ec2:DeleteRoute", "ec2:DeleteRouteTable",
			"ec2:DisassociateRouteTable", "ec2:ReplaceRoute", "ec2:ReplaceRouteTableAssociation",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldAssociation, fieldRoute},
		Fixed:    []string{"vpcId"},
		Reported: []string{fieldPropagated},
		Unread:   []string{"routes of gateway endpoints", "associations with gateways and with subnets of others"},
	},
	Least: kind.Least{Follow: kind.OneForEach},
	Place: kind.Tables,
}, func(c *cloud.Region, _ string) RouteTables { return RouteTables{API: c.EC2} })

// Kind implements [graph.Kind].
func (RouteTables) Kind() string { return "route-table" }

// Pace implements [graph.Kind].
func (RouteTables) Pace() graph.Pace { return graph.Pace{} }

// List implements [graph.Kind].
func (k RouteTables) List(ctx context.Context, s *graph.Look) ([]RouteTableState, error) {
	pages := ec2.NewDescribeRouteTablesPaginator(k.API, &ec2.DescribeRouteTablesInput{
		Filters: cloud.EC2Filter(s, "route-table-id"),
	})
	return list(ctx, s, "route tables", pages, routeTables, observeRouteTable)
}

// Phase implements [graph.Kind].
func (RouteTables) Phase(RouteTableState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind]. Usually the subnets went before and took their associations along; those of subnets
// that are still there are taken away only when the table can't be deleted otherwise.
func (k RouteTables) Delete(ctx context.Context, o RouteTableState) error {
	in := &ec2.DeleteRouteTableInput{RouteTableId: aws.String(o.ID)}
	_, err := k.API.DeleteRouteTable(ctx, in)
	if cloud.Classify(err) != graph.Held || len(o.Associations) == 0 {
		return cloud.IgnoreNotFound(err)
	}
	var calls []func() error
	for id := range maps.Values(o.Associations) {
		calls = append(calls, func() error {
			_, err := k.API.DisassociateRouteTable(ctx, &ec2.DisassociateRouteTableInput{AssociationId: aws.String(id)})
			return cloud.IgnoreNotFound(err)
		})
	}
	if err := sideBySide(calls...); err != nil {
		return err
	}
	_, err = k.API.DeleteRouteTable(ctx, in)
	return cloud.IgnoreNotFound(err)
}

// RepeatsSafely implements [graph.Repeatable], by the client token.
func (RouteTables) RepeatsSafely() bool { return true }

func routeTables(page *ec2.DescribeRouteTablesOutput) []types.RouteTable { return page.RouteTables }

func observeRouteTable(table types.RouteTable) RouteTableState {
	o := RouteTableState{
		Identity:     cloud.EC2Identity(table.RouteTableId, table.Tags),
		VPCID:        aws.ToString(table.VpcId),
		Associations: map[string]string{},
	}
	for _, a := range table.Associations {
		if a.SubnetId != nil && associated(a.AssociationState) {
			o.Associations[*a.SubnetId] = aws.ToString(a.RouteTableAssociationId)
		}
	}
	for _, route := range table.Routes {
		o.observe(route)
	}
	return o
}

// observe sorts a route in. Left out are the route to the VPC itself and those of gateway endpoints, which AWS keeps.
func (o *RouteTableState) observe(route types.Route) {
	destination := cmp.Or(
		aws.ToString(route.DestinationCidrBlock), aws.ToString(route.DestinationIpv6CidrBlock),
		aws.ToString(route.DestinationPrefixListId),
	)
	leads := Route{Target: target(route), Blackhole: route.State == types.RouteStateBlackhole}
	ofEndpoint := strings.HasPrefix(leads.Target, "vpce-") && route.DestinationPrefixListId != nil
	switch {
	case destination == everywhere:
		o.Default = leads
	case leads.Target == "local" || ofEndpoint:
	case route.Origin == types.RouteOriginCreateRoute || route.Origin == "": // emulators leave it out
		o.Others = with(o.Others, destination, leads)
	default:
		o.Given = with(o.Given, destination, leads)
	}
}

func with(routes map[string]Route, destination string, leads Route) map[string]Route {
	if routes == nil {
		routes = map[string]Route{}
	}
	routes[destination] = leads
	return routes
}

// associated is true of an association without a state, too: emulators leave it out.
func associated(state *types.RouteTableAssociationState) bool {
	return state == nil || !slices.Contains([]types.RouteTableAssociationStateCode{
		types.RouteTableAssociationStateCodeDisassociating,
		types.RouteTableAssociationStateCodeDisassociated,
		types.RouteTableAssociationStateCodeFailed,
	}, state.State)
}

// target is the one of the many kinds of targets that the route has.
func target(route types.Route) string {
	return cmp.Or(
		aws.ToString(route.GatewayId), aws.ToString(route.NatGatewayId), aws.ToString(route.TransitGatewayId),
		aws.ToString(route.VpcPeeringConnectionId), aws.ToString(route.NetworkInterfaceId),
		aws.ToString(route.InstanceId), aws.ToString(route.LocalGatewayId), aws.ToString(route.CarrierGatewayId),
		aws.ToString(route.CoreNetworkArn), aws.ToString(route.OdbNetworkArn), "another target",
	)
}
