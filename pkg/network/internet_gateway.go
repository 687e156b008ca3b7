package network

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// InternetGatewayAPI is what this file calls.
type InternetGatewayAPI interface {
	cloud.EC2Tagger
	ec2.DescribeInternetGatewaysAPIClient
	ec2.DescribeNetworkInterfacesAPIClient
	CreateInternetGateway(context.Context, *ec2.CreateInternetGatewayInput, ...func(*ec2.Options)) (*ec2.CreateInternetGatewayOutput, error)
	AttachInternetGateway(context.Context, *ec2.AttachInternetGatewayInput, ...func(*ec2.Options)) (*ec2.AttachInternetGatewayOutput, error)
	DetachInternetGateway(context.Context, *ec2.DetachInternetGatewayInput, ...func(*ec2.Options)) (*ec2.DetachInternetGatewayOutput, error)
	DeleteInternetGateway(context.Context, *ec2.DeleteInternetGatewayInput, ...func(*ec2.Options)) (*ec2.DeleteInternetGatewayOutput, error)
}

// InternetGatewayState is an internet gateway as observed.
type InternetGatewayState struct {
	graph.Identity
	VPCID string // that it is attached to; empty: none
}

// InternetGateways is the kind "internet-gateway".
type InternetGateways struct {
	API     InternetGatewayAPI
	Keepers *Keepers // of the region's network interfaces
}

// InternetGateway is the wish for one that is attached to a VPC. It is created in parallel with the VPC, not after it.
type InternetGateway struct {
	InternetGateways
	graph.Meta
	VPC graph.Ref
}

const fieldAttachment = "attachment"

// InternetGatewayKind is what is known of the kind "internet-gateway".
var InternetGatewayKind = kind.Register(kind.Registration{
	Title:    "Internet gateway",
	TaggedAs: types.ResourceTypeInternetGateway,
	After:    []string{"auto-scaling-group", "instance", "load-balancer", "nat-gateway"},
	Writes: kind.Writes{
		Create: "ec2:CreateInternetGateway", Later: []string{"attachment"},
		Update: []kind.Update{tagWrites, {Field: "attachment", Set: []string{"ec2:AttachInternetGateway"}}},
		Delete: []string{"ec2:DetachInternetGateway", "ec2:DeleteInternetGateway"},
	},
	Actions: kind.Actions{
		Read: []string{
			"ec2:DescribeInternetGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcEndpoints", "ec2:DescribeNatGateways",
			"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags",
		},
		Create: []string{"ec2:CreateInternetGateway"},
		Change: []string{
			"ec2:CreateTags", "ec2:DeleteTags",
			"ec2:AttachInternetGateway", "ec2:DeleteInternetGateway", "ec2:DetachInternetGateway",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldAttachment},
	},
	Least: kind.Least{Follow: kind.OneForEach},
	Place: kind.Internet,
}, func(c *cloud.Region, _ string) InternetGateways {
	return InternetGateways{API: c.EC2, Keepers: keepersOf(c)}
})

// Kind implements [graph.Kind].
func (InternetGateways) Kind() string { return "internet-gateway" }

// Pace implements [graph.Kind]. It goes at once, but not before the addresses of the load balancer's network interfaces,
// which AWS takes away some time after the load balancer.
func (InternetGateways) Pace() graph.Pace {
	return graph.Pace{TypicalLeave: 90 * time.Second, Limit: 20 * time.Minute}
}

// List implements [graph.Kind].
func (k InternetGateways) List(ctx context.Context, s *graph.Look) ([]InternetGatewayState, error) {
	pages := ec2.NewDescribeInternetGatewaysPaginator(k.API, &ec2.DescribeInternetGatewaysInput{
		Filters: cloud.EC2Filter(s, "internet-gateway-id"),
	})
	items := func(page *ec2.DescribeInternetGatewaysOutput) []types.InternetGateway { return page.InternetGateways }
	return list(ctx, s, "internet gateways", pages, items, observeInternetGateway)
}

// Phase implements [graph.Kind]. The attachment is a change, not a phase.
func (InternetGateways) Phase(InternetGatewayState) (graph.Phase, string) { return graph.Ready, "" }

// Blockers implements [graph.Blocking]: public addresses in the VPC keep the gateway from being detached.
func (k InternetGateways) Blockers(
	ctx context.Context, s *graph.Look, o InternetGatewayState,
) ([]graph.Blocker, error) {
	if o.VPCID == "" {
		return nil, nil
	}
	return interfaceBlockers(ctx, s, k.API, k.Keepers, o.VPCID, func(i networkInterface) bool { return i.publicIP != "" })
}

// Delete implements [graph.Kind].
func (k InternetGateways) Delete(ctx context.Context, o InternetGatewayState) error {
	if o.VPCID != "" {
		_, err := k.API.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{
			InternetGatewayId: aws.String(o.ID), VpcId: aws.String(o.VPCID),
		})
		if cloud.IgnoreNotFound(err) != nil {
			return err
		}
	}
	_, err := k.API.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{InternetGatewayId: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

// Needs implements [graph.Resource].
func (r InternetGateway) Needs() []graph.Need { return []graph.Need{r.VPC.Made().ThenUpdate()} }

// Diff implements [graph.Resource].
func (r InternetGateway) Diff(o InternetGatewayState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	switch {
	case o.VPCID == "":
		changes = append(changes, graph.Change{Field: fieldAttachment, To: r.VPC.String(), After: r.VPC.Key()})
	case o.VPCID != r.VPC.ID():
		changes = append(changes, graph.Change{
			Field: fieldAttachment, From: o.VPCID, To: r.VPC.String(),
			Fixed: "detaching it would cut that VPC off: detach it there manually",
		})
	}
	return changes
}

// Create implements [graph.Resource]. CreateInternetGateway has neither token nor unique name: a repeat makes a second.
func (r InternetGateway) Create(ctx context.Context, c graph.Claim) (InternetGatewayState, error) {
	out, err := r.API.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{
		TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeInternetGateway, c.Tags),
	})
	if err != nil {
		return InternetGatewayState{}, err
	}
	return InternetGatewayState{Identity: identityOf(out.InternetGateway.InternetGatewayId, c)}, nil
}

// Update implements [graph.Resource].
func (r InternetGateway) Update(
	ctx context.Context, o InternetGatewayState, changes []graph.Change,
) (InternetGatewayState, error) {
	id, vpcID := aws.String(o.ID), r.VPC.ID()
	err := sideBySide(retag(ctx, r.API, &o.Identity, r.Labels, changes), func() error {
		if !graph.Has(changes, fieldAttachment) {
			return nil
		}
		_, err := r.API.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{
			InternetGatewayId: id, VpcId: aws.String(vpcID),
		})
		if err == nil {
			o.VPCID = vpcID
		}
		return err
	})
	return o, err
}

func observeInternetGateway(gateway types.InternetGateway) InternetGatewayState {
	o := InternetGatewayState{Identity: cloud.EC2Identity(gateway.InternetGatewayId, gateway.Tags)}
	for _, attachment := range gateway.Attachments {
		if attachment.State != types.AttachmentStatusDetached && attachment.State != types.AttachmentStatusDetaching {
			o.VPCID = aws.ToString(attachment.VpcId)
		}
	}
	return o
}
