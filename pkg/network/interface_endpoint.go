package network

import (
	"context"

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
}

const fieldPrivateDNS = "privateDnsEnabled"

func (r InterfaceEndpoint) subnets() members { return members{"subnetId", r.Subnets} }

func (r InterfaceEndpoint) groups() members {
	return members{"securityGroupId", []graph.Ref{r.SecurityGroup}}
}

// Needs implements [graph.Resource]. Private DNS needs the VPC's DNS attributes, so the VPC must be ready.
func (r InterfaceEndpoint) Needs() []graph.Need {
	return append(append(r.subnets().needs(), r.groups().needs()...), r.VPC.Ready())
}

// Diff implements [graph.Resource].
func (r InterfaceEndpoint) Diff(o VPCEndpointState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), diffEndpoint(o, types.VpcEndpointTypeInterface, r.VPC, r.Service)...)
	changes = append(changes, r.subnets().diff(o.Subnets)...)
	changes = append(changes, r.groups().diff(o.Groups)...)
	if !o.PrivateDNS {
		changes = append(changes, graph.Change{Field: fieldPrivateDNS, From: "false", To: "true"})
	}
	return changes
}

// Create implements [graph.Resource].
func (r InterfaceEndpoint) Create(ctx context.Context, c graph.Claim) (VPCEndpointState, error) {
	return r.create(ctx, c, &ec2.CreateVpcEndpointInput{
		VpcEndpointType:   types.VpcEndpointTypeInterface,
		VpcId:             aws.String(r.VPC.ID()),
		ServiceName:       aws.String(r.Service),
		SubnetIds:         r.subnets().ids(),
		SecurityGroupIds:  r.groups().ids(),
		PrivateDnsEnabled: aws.Bool(true),
	})
}

// Update implements [graph.Resource]: one call for all that an endpoint belongs to.
func (r InterfaceEndpoint) Update(
	ctx context.Context, o VPCEndpointState, changes []graph.Change,
) (VPCEndpointState, error) {
	in := &ec2.ModifyVpcEndpointInput{VpcEndpointId: aws.String(o.ID)}
	o.Subnets, in.AddSubnetIds, in.RemoveSubnetIds = r.subnets().apply(o.Subnets, changes)
	o.Groups, in.AddSecurityGroupIds, in.RemoveSecurityGroupIds = r.groups().apply(o.Groups, changes)
	if graph.Has(changes, fieldPrivateDNS) {
		in.PrivateDnsEnabled, o.PrivateDNS = aws.Bool(true), true
	}
	modified := in.PrivateDnsEnabled != nil ||
		graph.Has(changes, r.subnets().field+" ") || graph.Has(changes, r.groups().field+" ")
	err := sideBySide(retag(ctx, r.API, &o.Identity, r.Labels, changes), func() error {
		if !modified {
			return nil
		}
		_, err := r.API.ModifyVpcEndpoint(ctx, in)
		return err
	})
	return o, err
}
