package network

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

// InterfaceEndpoint is the wish for an endpoint with a network interface in each subnet, and with private DNS: inside
// the VPC, the service's usual name leads to it. Two endpoints for one service can't both have that.
type InterfaceEndpoint struct {
	VPCEndpoints
	graph.Meta
	VPC           graph.Ref
	Service       string // see [ServiceName]
	Subnets       []graph.Ref
	SecurityGroup graph.Ref
	Group         graph.Ref // the Auto Scaling group, which leaves a subnet before the endpoint does; zero: none
}

const (
	fieldSubnets    = "subnetIds"
	fieldGroups     = "securityGroupIds"
	fieldPrivateDNS = "privateDnsEnabled"
)

// Needs implements [graph.Resource]. Private DNS needs the VPC's DNS attributes, so the VPC must be ready.
func (r InterfaceEndpoint) Needs() []graph.Need {
	return append(madeAndAdded(append(slices.Clone(r.Subnets), r.SecurityGroup)), r.VPC.Ready())
}

// Diff implements [graph.Resource].
func (r InterfaceEndpoint) Diff(o VPCEndpointState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), diffEndpoint(o, types.VpcEndpointTypeInterface, r.VPC, r.Service)...)
	changes = append(changes, graph.DiffRefsOf(r.Group, fieldSubnets, o.Subnets, r.Subnets...)...)
	changes = append(changes, graph.DiffRefs(fieldGroups, o.Groups, r.SecurityGroup)...)
	if !o.PrivateDNS {
		changes = append(changes, graph.Change{Field: fieldPrivateDNS, From: "false", To: "true"})
	}
	return changes
}

// Report implements [graph.Reporting].
func (InterfaceEndpoint) Report(o VPCEndpointState) []graph.Change { return o.report() }

// Create implements [graph.Resource].
func (r InterfaceEndpoint) Create(ctx context.Context, c graph.Claim) (VPCEndpointState, error) {
	return r.create(ctx, c, &ec2.CreateVpcEndpointInput{
		VpcEndpointType:   types.VpcEndpointTypeInterface,
		VpcId:             aws.String(r.VPC.ID()),
		ServiceName:       aws.String(r.Service),
		SubnetIds:         graph.IDs(r.Subnets...),
		SecurityGroupIds:  []string{r.SecurityGroup.ID()},
		PrivateDnsEnabled: aws.Bool(true),
	})
}

// Update implements [graph.Resource]: one call for all that an endpoint belongs to.
func (r InterfaceEndpoint) Update(
	ctx context.Context, o VPCEndpointState, changes []graph.Change,
) (VPCEndpointState, error) {
	calls := []func() error{retag(ctx, r.API, &o.Identity, r.Labels, changes)}
	in := &ec2.ModifyVpcEndpointInput{VpcEndpointId: aws.String(o.ID)}
	subnets, groups := graph.Has(changes, fieldSubnets), graph.Has(changes, fieldGroups)
	dns := graph.Has(changes, fieldPrivateDNS)
	if subnets {
		want := graph.IDs(r.Subnets...)
		in.AddSubnetIds, in.RemoveSubnetIds = swap(o.Subnets, want)
		o.Subnets = want
	}
	if groups {
		want := graph.IDs(r.SecurityGroup)
		in.AddSecurityGroupIds, in.RemoveSecurityGroupIds = swap(o.Groups, want)
		o.Groups = want
	}
	if dns {
		in.PrivateDnsEnabled, o.PrivateDNS = aws.Bool(true), true
	}
	if subnets || groups || dns {
		calls = append(calls, func() error {
			_, err := r.API.ModifyVpcEndpoint(ctx, in)
			return err
		})
	}
	err := sideBySide(calls...)
	return o, err
}
