package network

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// SubnetAPI is what this file calls.
type SubnetAPI interface {
	cloud.EC2Tagger
	ec2.DescribeSubnetsAPIClient
	ec2.DescribeNetworkInterfacesAPIClient
	ec2.DescribeNetworkAclsAPIClient
	CreateSubnet(context.Context, *ec2.CreateSubnetInput, ...func(*ec2.Options)) (*ec2.CreateSubnetOutput, error)
	ModifySubnetAttribute(context.Context, *ec2.ModifySubnetAttributeInput, ...func(*ec2.Options)) (*ec2.ModifySubnetAttributeOutput, error)
	DeleteSubnet(context.Context, *ec2.DeleteSubnetInput, ...func(*ec2.Options)) (*ec2.DeleteSubnetOutput, error)
}

// SubnetState is a subnet as observed.
type SubnetState struct {
	graph.Identity
	VPCID, CIDR string
	ZoneID      string // e.g. "euw1-az1": the same place in every account
	Zone        string // e.g. "eu-west-1a": another place in another account
	PublicIPs   bool   // whether instances get a public address by default
	State       types.SubnetState
	ACL         string // of others, which the subnet is under; empty: the VPC's default one
}

// Facts implements [kind.Telling]: its addresses.
func (o SubnetState) Facts() []string {
	return []string{o.CIDR}
}

// Subnets is the kind "subnet".
type Subnets struct {
	API     SubnetAPI
	Keepers *Keepers // of the region's network interfaces
}

// Subnet is the wish for one. Public or private is a matter of its route table: no subnet gives its instances public
// addresses.
type Subnet struct {
	Subnets
	graph.Meta
	VPC    graph.Ref
	ZoneID string
	CIDR   netip.Prefix
}

const (
	fieldPublicIPs = "mapPublicIpOnLaunch"
	fixedSubnet    = "AWS can't move a subnet or change its CIDR block"
)

// SubnetKind is what is known of the kind "subnet".
var SubnetKind = kind.Register(kind.Registration{
	Title:    "Subnet",
	TaggedAs: types.ResourceTypeSubnet,
	After:    []string{"auto-scaling-group", "instance", "load-balancer", "nat-gateway", "vpc-endpoint"},
	Writes: kind.Writes{
		Create: "ec2:CreateSubnet", Delete: []string{"ec2:DeleteSubnet"},
		Update: []kind.Update{tagWrites, {Field: fieldPublicIPs, Set: []string{"ec2:ModifySubnetAttribute"}}},
	},
	Actions: kind.Actions{
		Read: []string{
			"ec2:DescribeSubnets", "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcEndpoints", "ec2:DescribeNatGateways",
			"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags",
		},
		Create: []string{"ec2:CreateSubnet"},
		Within: []string{"ec2:CreateSubnet"},
		Change: []string{"ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteSubnet", "ec2:ModifySubnetAttribute"},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldPublicIPs},
		Fixed:    []string{"vpcId", "availabilityZoneId", "cidrBlock"},
		Reported: []string{reportedACL},
		Unread:   []string{"rules of a network ACL that others added", "attributes for IPv6 and names", "shares with other accounts"},
	},
	Place: kind.Zone,
}, func(c *cloud.Region, _ string) Subnets { return Subnets{API: c.EC2, Keepers: keepersOf(c)} })

// Kind implements [graph.Kind].
func (Subnets) Kind() string { return "subnet" }

// Pace implements [graph.Kind].
func (Subnets) Pace() graph.Pace { return graph.Pace{Limit: 20 * time.Minute} }

// List implements [graph.Kind].
func (k Subnets) List(ctx context.Context, s *graph.Look) ([]SubnetState, error) {
	pages := ec2.NewDescribeSubnetsPaginator(k.API, &ec2.DescribeSubnetsInput{Filters: cloud.EC2Filter(s, "subnet-id")})
	items := func(page *ec2.DescribeSubnetsOutput) []types.Subnet { return page.Subnets }
	found, err := list(ctx, s, "subnets", pages, items, observeSubnet)
	if err != nil || !s.Thorough {
		return found, err
	}
	found = slices.Clone(found) // what list returns is shared by all callers in this look
	for i, o := range found {
		if !s.Owner.Owns(o.Identity) && s.Only == nil {
			continue
		}
		acls, err := networkACLs(ctx, s, k.API, o.VPCID)
		if err != nil {
			return nil, err
		}
		for _, acl := range acls {
			if !acl.isDefault && slices.Contains(acl.subnets, o.ID) {
				found[i].ACL = acl.id
			}
		}
	}
	return found, nil
}

// Report implements [graph.Reporting]: a network ACL that others put the subnet under.
func (Subnet) Report(o SubnetState) []graph.Change {
	if o.ACL == "" {
		return nil
	}
	return []graph.Change{{Field: reportedACL, From: o.ACL, To: "the VPC's default"}}
}

// Phase implements [graph.Kind]. A pending subnet takes everything that is made in it, and is so for a moment only: it
// is not waited for.
func (Subnets) Phase(o SubnetState) (graph.Phase, string) {
	switch o.State {
	case types.SubnetStateFailed, types.SubnetStateFailedInsufficientCapacity:
		return graph.Failed, string(o.State)
	case types.SubnetStateUnavailable:
		return graph.Pending, string(o.State)
	}
	return graph.Ready, ""
}

// Blockers implements [graph.Blocking]: network interfaces.
func (k Subnets) Blockers(ctx context.Context, s *graph.Look, o SubnetState) ([]graph.Blocker, error) {
	return interfaceBlockers(ctx, s, k.API, k.Keepers, o.VPCID, func(i networkInterface) bool { return i.subnetID == o.ID })
}

// Delete implements [graph.Kind]. The association with a route table goes with it.
func (k Subnets) Delete(ctx context.Context, o SubnetState) error {
	_, err := k.API.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

// RepeatsSafely implements [graph.Repeatable]: a second subnet of one CIDR block conflicts.
func (Subnets) RepeatsSafely() bool { return true }

// Needs implements [graph.Resource].
func (r Subnet) Needs() []graph.Need { return []graph.Need{r.VPC.Made()} }

// Diff implements [graph.Resource].
func (r Subnet) Diff(o SubnetState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), fixedRef("vpcId", o.VPCID, r.VPC, fixedSubnet)...)
	if o.ZoneID != r.ZoneID {
		changes = append(changes, graph.Change{
			Field: "availabilityZoneId", From: o.ZoneID, To: r.ZoneID, Fixed: fixedSubnet,
		})
	}
	if o.CIDR != r.CIDR.String() {
		changes = append(changes, graph.Change{Field: "cidrBlock", From: o.CIDR, To: r.CIDR.String(), Fixed: fixedSubnet})
	}
	if o.PublicIPs {
		changes = append(changes, graph.Change{Field: fieldPublicIPs, From: "true", To: "false"})
	}
	return changes
}

// Create implements [graph.Resource].
func (r Subnet) Create(ctx context.Context, c graph.Claim) (SubnetState, error) {
	out, err := r.API.CreateSubnet(ctx, &ec2.CreateSubnetInput{
		VpcId:              aws.String(r.VPC.ID()),
		AvailabilityZoneId: aws.String(r.ZoneID),
		CidrBlock:          aws.String(r.CIDR.String()),
		TagSpecifications:  cloud.EC2TagSpec(types.ResourceTypeSubnet, c.Tags),
	})
	if err != nil {
		return SubnetState{}, err
	}
	o := observeSubnet(*out.Subnet)
	o.Identity = identityOf(out.Subnet.SubnetId, c)
	return o, nil
}

// Update implements [graph.Resource].
func (r Subnet) Update(ctx context.Context, o SubnetState, changes []graph.Change) (SubnetState, error) {
	id := aws.String(o.ID)
	err := sideBySide(retag(ctx, r.API, &o.Identity, r.Labels, changes), func() error {
		if !graph.Has(changes, fieldPublicIPs) {
			return nil
		}
		_, err := r.API.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{
			SubnetId: id, MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(false)},
		})
		o.PublicIPs = err != nil
		return err
	})
	return o, err
}

func observeSubnet(subnet types.Subnet) SubnetState {
	return SubnetState{
		Identity:  cloud.EC2Identity(subnet.SubnetId, subnet.Tags),
		VPCID:     aws.ToString(subnet.VpcId),
		CIDR:      aws.ToString(subnet.CidrBlock),
		ZoneID:    aws.ToString(subnet.AvailabilityZoneId),
		Zone:      aws.ToString(subnet.AvailabilityZone),
		PublicIPs: aws.ToBool(subnet.MapPublicIpOnLaunch),
		State:     subnet.State,
	}
}
