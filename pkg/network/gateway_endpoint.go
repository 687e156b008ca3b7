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
}

func (r GatewayEndpoint) tables() members { return members{"routeTableId", r.RouteTables} }

// Needs implements [graph.Resource].
func (r GatewayEndpoint) Needs() []graph.Need { return append(r.tables().needs(), r.VPC.Made()) }

// Diff implements [graph.Resource].
func (r GatewayEndpoint) Diff(o VPCEndpointState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), diffEndpoint(o, types.VpcEndpointTypeGateway, r.VPC, r.Service)...)
	return append(changes, r.tables().diff(o.RouteTables)...)
}

// Create implements [graph.Resource].
func (r GatewayEndpoint) Create(ctx context.Context, c graph.Claim) (VPCEndpointState, error) {
	return r.create(ctx, c, &ec2.CreateVpcEndpointInput{
		VpcEndpointType: types.VpcEndpointTypeGateway,
		VpcId:           aws.String(r.VPC.ID()),
		ServiceName:     aws.String(r.Service),
		RouteTableIds:   r.tables().ids(),
	})
}

// Update implements [graph.Resource].
func (r GatewayEndpoint) Update(
	ctx context.Context, o VPCEndpointState, changes []graph.Change,
) (VPCEndpointState, error) {
	id := aws.String(o.ID)
	now, add, remove := r.tables().apply(o.RouteTables, changes)
	o.RouteTables = now
	err := sideBySide(retag(ctx, r.API, &o.Identity, r.Labels, changes), func() error {
		if len(add)+len(remove) == 0 {
			return nil
		}
		_, err := r.API.ModifyVpcEndpoint(ctx, &ec2.ModifyVpcEndpointInput{
			VpcEndpointId: id, AddRouteTableIds: add, RemoveRouteTableIds: remove,
		})
		return err
	})
	return o, err
}
