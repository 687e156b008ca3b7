package network

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

// GatewayEndpoint is the wish for an endpoint that is a target of route tables: AWS itself puts the routes into them,
// and takes them away. It costs nothing.
type GatewayEndpoint struct {
	VPCEndpoints
	graph.Meta
	VPC         graph.Ref
	Service     string // see [ServiceName]
	RouteTables []graph.Ref
	Group       graph.Ref // the Auto Scaling group, which leaves a table's subnets before the endpoint does; zero: none
}

const fieldRouteTables = "routeTableIds"

// Needs implements [graph.Resource].
func (r GatewayEndpoint) Needs() []graph.Need {
	return append(madeAndAdded(r.RouteTables), r.VPC.Made())
}

// Diff implements [graph.Resource].
func (r GatewayEndpoint) Diff(o VPCEndpointState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), diffEndpoint(o, types.VpcEndpointTypeGateway, r.VPC, r.Service)...)
	return append(changes, graph.DiffRefsOf(r.Group, fieldRouteTables, o.RouteTables, r.RouteTables...)...)
}

// Report implements [graph.Reporting].
func (GatewayEndpoint) Report(o VPCEndpointState) []graph.Change { return o.report() }

// Create implements [graph.Resource].
func (r GatewayEndpoint) Create(ctx context.Context, c graph.Claim) (VPCEndpointState, error) {
	return r.create(ctx, c, &ec2.CreateVpcEndpointInput{
		VpcEndpointType: types.VpcEndpointTypeGateway,
		VpcId:           aws.String(r.VPC.ID()),
		ServiceName:     aws.String(r.Service),
		RouteTableIds:   graph.IDs(r.RouteTables...),
	})
}

// Update implements [graph.Resource].
func (r GatewayEndpoint) Update(
	ctx context.Context, o VPCEndpointState, changes []graph.Change,
) (VPCEndpointState, error) {
	in := &ec2.ModifyVpcEndpointInput{VpcEndpointId: aws.String(o.ID)}
	calls := []func() error{retag(ctx, r.API, &o.Identity, r.Labels, changes)}
	if graph.Has(changes, fieldRouteTables) {
		want := graph.IDs(r.RouteTables...)
		in.AddRouteTableIds, in.RemoveRouteTableIds = swap(o.RouteTables, want)
		o.RouteTables = want
		calls = append(calls, func() error {
			_, err := r.API.ModifyVpcEndpoint(ctx, in)
			return err
		})
	}
	err := sideBySide(calls...)
	return o, err
}
