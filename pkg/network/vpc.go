package network

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// VPCAPI is what this file calls.
type VPCAPI interface {
	cloud.EC2Tagger
	ec2.DescribeVpcsAPIClient
	VPCBlockerAPI
	InterfaceAPI
	CreateVpc(context.Context, *ec2.CreateVpcInput, ...func(*ec2.Options)) (*ec2.CreateVpcOutput, error)
	DescribeVpcAttribute(context.Context, *ec2.DescribeVpcAttributeInput, ...func(*ec2.Options)) (*ec2.DescribeVpcAttributeOutput, error)
	ModifyVpcAttribute(context.Context, *ec2.ModifyVpcAttributeInput, ...func(*ec2.Options)) (*ec2.ModifyVpcAttributeOutput, error)
	DeleteVpc(context.Context, *ec2.DeleteVpcInput, ...func(*ec2.Options)) (*ec2.DeleteVpcOutput, error)
}

// VPCState is a VPC as observed.
type VPCState struct {
	graph.Identity
	CIDR         string
	DNSHostnames bool
	DNSSupport   bool
	ACL          []ACLRule // what differs in the default network ACL, as far as a plan looks at it
}

// Facts implements [kind.Telling]: its addresses.
func (o VPCState) Facts() []string {
	return []string{o.CIDR}
}

// VPCs is the kind "vpc".
type VPCs struct {
	API     VPCAPI
	Keepers *Keepers // names the region in the commands that remove what holds a VPC
}

// VPC is the wish for one: with DNS support and hostnames on, which private DNS of interface endpoints needs.
type VPC struct {
	VPCs
	graph.Meta
	CIDR netip.Prefix
}

const (
	fieldDNSHostnames = "enableDnsHostnames"
	fieldDNSSupport   = "enableDnsSupport"
)

// VPCKind is what is known of the kind "vpc".
var VPCKind = kind.Register(kind.Registration{
	Title:    "VPC",
	TaggedAs: types.ResourceTypeVpc,
	After:    []string{"subnet", "route-table", "security-group", "internet-gateway", "vpc-endpoint"},
	Writes: kind.Writes{
		Create: "ec2:CreateVpc", Later: []string{fieldDNSHostnames}, Delete: []string{"ec2:DeleteVpc"},
		Update: []kind.Update{
			tagWrites,
			{Field: fieldDNSHostnames, Set: []string{"ec2:ModifyVpcAttribute"}},
			{Field: fieldDNSSupport, Set: []string{"ec2:ModifyVpcAttribute"}},
		},
	},
	Actions: kind.Actions{
		Read: []string{
			"ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", // and what can hold a VPC:
			"ec2:DescribeInternetGateways", "ec2:DescribeNatGateways", "ec2:DescribeRouteTables",
			"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints",
			"ec2:DescribeCarrierGateways", "ec2:DescribeEgressOnlyInternetGateways", "ec2:DescribeNetworkAcls",
			"ec2:DescribeSecurityGroupVpcAssociations", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpnGateways",
			"ec2:DescribeNetworkInterfaces",
		},
		Create: []string{"ec2:CreateVpc"},
		Change: []string{"ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteVpc", "ec2:ModifyVpcAttribute"},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldDNSSupport, fieldDNSHostnames},
		Fixed:    []string{"cidrBlock"},
		Reported: []string{reportedACLRule},
		Unread: []string{
			"further CIDR blocks", "DHCP options", "flow logs that others added",
			"the main route table and the default security group, which the stack does not use",
		},
	},
	Least: kind.Least{Follow: kind.OneCall, Reads: 2, Plans: 1}, // two attributes; its network ACLs
	Place: kind.VPC,
}, func(c *cloud.Region, _ string) VPCs { return VPCs{API: c.EC2, Keepers: keepersOf(c)} })

// Kind implements [graph.Kind].
func (VPCs) Kind() string { return "vpc" }

// Pace implements [graph.Kind].
func (VPCs) Pace() graph.Pace { return graph.Pace{} }

// List implements [graph.Kind]. The DNS attributes are not in the list's answer, nor are the network ACLs: they take calls
// of their own, which start at once for a VPC that the journal knows.
func (k VPCs) List(ctx context.Context, s *graph.Look) ([]VPCState, error) {
	pages := ec2.NewDescribeVpcsPaginator(k.API, &ec2.DescribeVpcsInput{Filters: cloud.EC2Filter(s, "vpc-id")})
	items := func(page *ec2.DescribeVpcsOutput) []types.Vpc { return page.Vpcs }
	var found []VPCState
	reads, readsCtx := errgroup.WithContext(ctx)
	reads.Go(func() (err error) {
		found, err = list(readsCtx, s, "VPCs", pages, items, observeVPC)
		return err
	})
	for _, id := range s.Bound[k.Kind()] {
		reads.Go(func() error {
			_, err := k.complete(readsCtx, s, VPCState{Identity: graph.Identity{ID: id}})
			return err
		})
	}
	if err := reads.Wait(); err != nil {
		return nil, err
	}
	found = slices.Clone(found) // what list returns is shared by all callers in this look
	for i := range found {
		if !s.Owner.Owns(found[i].Identity) && s.Only == nil {
			continue
		}
		complete, err := k.complete(ctx, s, found[i])
		if err != nil {
			return nil, err
		}
		found[i] = complete
	}
	return found, nil
}

// complete reads what the list leaves out, side by side.
func (k VPCs) complete(ctx context.Context, s *graph.Look, o VPCState) (VPCState, error) {
	if known, ok := s.Known[o.ID].(VPCState); ok {
		o.DNSHostnames, o.DNSSupport, o.ACL = known.DNSHostnames, known.DNSSupport, known.ACL
		return o, nil
	}
	var acls []networkACL
	err := sideBySide(
		func() (err error) {
			o.DNSHostnames, err = k.attribute(ctx, s, o.ID, types.VpcAttributeNameEnableDnsHostnames)
			return err
		},
		func() (err error) {
			o.DNSSupport, err = k.attribute(ctx, s, o.ID, types.VpcAttributeNameEnableDnsSupport)
			return err
		},
		func() (err error) {
			if s.Thorough {
				acls, err = networkACLs(ctx, s, k.API, o.ID)
			}
			return err
		},
	)
	for _, acl := range acls {
		if acl.isDefault {
			o.ACL = acl.unusual()
		}
	}
	return o, err
}

// attribute is false for a VPC that is not there.
func (k VPCs) attribute(ctx context.Context, s *graph.Look, id string, name types.VpcAttributeName) (bool, error) {
	return graph.Once(ctx, s, "vpc-"+string(name)+" "+id, func(ctx context.Context) (bool, error) {
		out, err := k.API.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: aws.String(id), Attribute: name})
		if err != nil {
			return false, cloud.IgnoreNotFound(err)
		}
		value := out.EnableDnsHostnames
		if name == types.VpcAttributeNameEnableDnsSupport {
			value = out.EnableDnsSupport
		}
		return value != nil && aws.ToBool(value.Value), nil
	})
}

// Phase implements [graph.Kind]. AWS calls a VPC pending for a moment, in which it takes everything that is made in it;
// there is no other state, so that a look at it would tell nothing.
func (VPCs) Phase(VPCState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind]. The default security group, network ACL and main route table go with it. When AWS
// refuses, others' things in the VPC are named. Where the lists have none but the stack's own, they just lag behind; where
// they are empty, something holds it that this program does not know, and waiting for it has little sense.
func (k VPCs) Delete(ctx context.Context, o VPCState) error {
	_, err := k.API.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: aws.String(o.ID)})
	if cloud.Classify(err) != graph.Held {
		return cloud.IgnoreNotFound(err)
	}
	theirs, empty, listErr := strangers(ctx, k.API, k.Keepers, o)
	switch {
	case listErr != nil:
		return fmt.Errorf("%w; the resources that hold it can't be listed: %w", err, listErr)
	case len(theirs) > 0:
		return &graph.HeldError{By: theirs}
	case empty:
		return &graph.UnknownBlockerError{Err: err}
	}
	return err
}

// Needs implements [graph.Resource].
func (VPC) Needs() []graph.Need { return nil }

// Diff implements [graph.Resource].
func (r VPC) Diff(o VPCState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	if o.CIDR != r.CIDR.String() {
		changes = append(changes, graph.Change{
			Field: "cidrBlock", From: o.CIDR, To: r.CIDR.String(), Fixed: "AWS can't change the primary CIDR block of a VPC",
		})
	}
	if !o.DNSSupport {
		changes = append(changes, graph.Change{Field: fieldDNSSupport, From: "false", To: "true"})
	}
	if !o.DNSHostnames {
		changes = append(changes, graph.Change{Field: fieldDNSHostnames, From: "false", To: "true"})
	}
	return changes
}

// Report implements [graph.Reporting]: rules of the default network ACL, which every subnet of the stack is under.
func (VPC) Report(o VPCState) []graph.Change {
	var changes []graph.Change
	for _, rule := range o.ACL {
		changes = append(changes, graph.Change{Field: reportedACLRule + rule.Name, From: rule.Is, To: rule.Usual})
	}
	return changes
}

// Create implements [graph.Resource]. CreateVpc has neither token nor unique name: a repeat creates a second VPC.
func (r VPC) Create(ctx context.Context, c graph.Claim) (VPCState, error) {
	out, err := r.API.CreateVpc(ctx, &ec2.CreateVpcInput{
		CidrBlock:         aws.String(r.CIDR.String()),
		TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeVpc, c.Tags),
	})
	if err != nil {
		return VPCState{}, err
	}
	o := observeVPC(*out.Vpc)
	o.Identity, o.DNSSupport = identityOf(out.Vpc.VpcId, c), true // as AWS creates it
	return o, nil
}

// Update implements [graph.Resource].
func (r VPC) Update(ctx context.Context, o VPCState, changes []graph.Change) (VPCState, error) {
	id := aws.String(o.ID)
	err := sideBySide(retag(ctx, r.API, &o.Identity, r.Labels, changes), func() error {
		return r.setDNS(ctx, id, &o, changes)
	})
	return o, err
}

// setDNS turns on what is off. A call sets one attribute, and hostnames need support to be on.
func (r VPC) setDNS(ctx context.Context, id *string, o *VPCState, changes []graph.Change) error {
	on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
	if graph.Has(changes, fieldDNSSupport) {
		in := &ec2.ModifyVpcAttributeInput{VpcId: id, EnableDnsSupport: on}
		if _, err := r.API.ModifyVpcAttribute(ctx, in); err != nil {
			return err
		}
		o.DNSSupport = true
	}
	if !graph.Has(changes, fieldDNSHostnames) {
		return nil
	}
	_, err := r.API.ModifyVpcAttribute(ctx, &ec2.ModifyVpcAttributeInput{VpcId: id, EnableDnsHostnames: on})
	o.DNSHostnames = err == nil
	return err
}

func observeVPC(vpc types.Vpc) VPCState {
	return VPCState{
		Identity: cloud.EC2Identity(vpc.VpcId, vpc.Tags),
		CIDR:     aws.ToString(vpc.CidrBlock),
	}
}
