package network

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

// NATGateway is the wish for a zonal NAT gateway: in one public subnet, with one elastic IP.
type NATGateway struct {
	NATGateways
	graph.Meta
	Subnet, Address graph.Ref
	Internet        graph.Ref // the internet gateway: without one that is attached, AWS creates a gateway that fails
}

// RegionalNATGateway is the wish for one NAT gateway that covers all zones of a VPC and takes its own addresses; see
// "Regional NAT gateways" in the Amazon VPC user guide.
type RegionalNATGateway struct {
	NATGateways
	graph.Meta
	VPC      graph.Ref
	Internet graph.Ref // as for a zonal one; no public subnet is needed
}

const fixedNATGateway = "AWS can't change a NAT gateway in place"

// Needs implements [graph.Resource].
func (r NATGateway) Needs() []graph.Need {
	return []graph.Need{r.Subnet.Made(), r.Address.Made(), r.Internet.Ready()}
}

// Diff implements [graph.Resource].
func (r NATGateway) Diff(o NATGatewayState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), diffMode(o, types.AvailabilityModeZonal)...)
	changes = append(changes, fixedRef("subnetId", o.SubnetID, r.Subnet, fixedNATGateway)...)
	if len(o.Allocations) > 0 && !slices.Contains(o.Allocations, r.Address.ID()) {
		changes = append(changes, graph.Change{
			Field: "allocationId", From: o.Allocations[0], To: r.Address.String(), Fixed: fixedNATGateway,
		})
	}
	return changes
}

// Create implements [graph.Resource].
func (r NATGateway) Create(ctx context.Context, c graph.Claim) (NATGatewayState, error) {
	return r.create(ctx, c, &ec2.CreateNatGatewayInput{
		SubnetId: aws.String(r.Subnet.ID()), AllocationId: aws.String(r.Address.ID()),
	})
}

// Update implements [graph.Resource].
func (r NATGateway) Update(ctx context.Context, o NATGatewayState, changes []graph.Change) (NATGatewayState, error) {
	return r.update(ctx, o, r.Labels, changes)
}

// Needs implements [graph.Resource].
func (r RegionalNATGateway) Needs() []graph.Need {
	return []graph.Need{r.VPC.Made(), r.Internet.Ready()}
}

// Diff implements [graph.Resource].
func (r RegionalNATGateway) Diff(o NATGatewayState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), diffMode(o, types.AvailabilityModeRegional)...)
	return append(changes, fixedRef("vpcId", o.VPCID, r.VPC, fixedNATGateway)...)
}

// Create implements [graph.Resource].
func (r RegionalNATGateway) Create(ctx context.Context, c graph.Claim) (NATGatewayState, error) {
	return r.create(ctx, c, &ec2.CreateNatGatewayInput{
		VpcId: aws.String(r.VPC.ID()), AvailabilityMode: types.AvailabilityModeRegional,
	})
}

// Update implements [graph.Resource].
func (r RegionalNATGateway) Update(
	ctx context.Context, o NATGatewayState, changes []graph.Change,
) (NATGatewayState, error) {
	return r.update(ctx, o, r.Labels, changes)
}

func diffMode(o NATGatewayState, want types.AvailabilityMode) []graph.Change {
	if o.Mode == want {
		return nil
	}
	return []graph.Change{{
		Field: "availabilityMode", From: string(o.Mode), To: string(want), Fixed: fixedNATGateway,
	}}
}
