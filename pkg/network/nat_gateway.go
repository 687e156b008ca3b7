package network

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// NATGatewayAPI is what this file and nat_gateway_wish.go call.
type NATGatewayAPI interface {
	cloud.EC2Tagger
	ec2.DescribeNatGatewaysAPIClient
	CreateNatGateway(context.Context, *ec2.CreateNatGatewayInput, ...func(*ec2.Options)) (*ec2.CreateNatGatewayOutput, error)
	DeleteNatGateway(context.Context, *ec2.DeleteNatGatewayInput, ...func(*ec2.Options)) (*ec2.DeleteNatGatewayOutput, error)
}

// NATGatewayState is a NAT gateway as observed.
type NATGatewayState struct {
	graph.Identity
	VPCID       string
	SubnetID    string // empty for a regional one
	Mode        types.AvailabilityMode
	Allocations []string // the allocation IDs of its elastic IPs
	Addresses   []string // public ones, which requests come from
	State       types.NatGatewayState
	Failure     string // AWS's reason, once it failed
}

// NATGateways is the kind "nat-gateway".
type NATGateways struct{ API NATGatewayAPI }

// NATGatewayKind is what is known of the kind "nat-gateway".
var NATGatewayKind = kind.Register(kind.Registration{
	Title:    "NAT gateway",
	TaggedAs: types.ResourceTypeNatgateway,
	Writes: kind.Writes{
		Create: "ec2:CreateNatGateway", Update: []kind.Update{tagWrites}, Delete: []string{"ec2:DeleteNatGateway"},
	},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeNatGateways"},
		Create: []string{"ec2:CreateNatGateway"},
		Within: []string{"ec2:CreateNatGateway"},
		Change: []string{"ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteNatGateway"},
		Linked: []string{"ec2-nat-gateway.amazonaws.com"}, // with the first regional one
	},
	Drift: kind.Drift{
		Fixed:  []string{"vpcId", "subnetId", "allocationId", "availabilityMode"},
		Unread: []string{"secondary addresses"},
	},
	Least: kind.Least{Waits: true, Lingers: true},
	Place: kind.Zone,
}, func(c *cloud.Region, _ string) NATGateways { return NATGateways{API: c.EC2} })

// Kind implements [graph.Kind].
func (NATGateways) Kind() string { return "nat-gateway" }

// Pace implements [graph.Kind].
func (NATGateways) Pace() graph.Pace {
	return graph.Pace{
		Usual: time.Minute, Typical: 90 * time.Second,
		Leave: 30 * time.Second, TypicalLeave: 45 * time.Second, Limit: 30 * time.Minute,
	}
}

// List implements [graph.Kind]. It checks the answer again, since emulators ignore this call's filters.
func (k NATGateways) List(ctx context.Context, s *graph.Look) ([]NATGatewayState, error) {
	pages := ec2.NewDescribeNatGatewaysPaginator(k.API, &ec2.DescribeNatGatewaysInput{
		Filter: cloud.EC2Filter(s, "nat-gateway-id"),
	})
	items := func(page *ec2.DescribeNatGatewaysOutput) []types.NatGateway { return page.NatGateways }
	all, err := list(ctx, s, "NAT gateways", pages, items, observeNATGateway)
	var found []NATGatewayState
	for _, o := range all {
		if s.Only == nil && o.Stack() == s.Owner.Stack || slices.Contains(s.Only, o.ID) {
			found = append(found, o)
		}
	}
	return found, err
}

// Phase implements [graph.Kind]. A deleted one stays listed for about an hour.
func (NATGateways) Phase(o NATGatewayState) (graph.Phase, string) {
	switch o.State {
	case types.NatGatewayStateAvailable:
		return graph.Ready, ""
	case types.NatGatewayStateFailed:
		return graph.Failed, o.Failure
	case types.NatGatewayStateDeleting:
		return graph.Leaving, string(o.State)
	case types.NatGatewayStateDeleted:
		return graph.Gone, string(o.State)
	}
	return graph.Pending, string(o.State)
}

// Delete implements [graph.Kind]. Its elastic IP stays allocated, and the routes at it stay as black holes.
func (k NATGateways) Delete(ctx context.Context, o NATGatewayState) error {
	_, err := k.API.DeleteNatGateway(ctx, &ec2.DeleteNatGatewayInput{NatGatewayId: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

// FailedFades implements [graph.Fading]: AWS removes a failed one after about an hour, and lists it as failed until then.
// The earlier effects of its deletion are not documented, so that nothing waits for it; see "Troubleshoot NAT gateways".
func (NATGateways) FailedFades() bool { return true }

// RepeatsSafely implements [graph.Repeatable], by the client token.
func (NATGateways) RepeatsSafely() bool { return true }

// create makes a NAT gateway, zonal or regional, and update its tags: nothing else of it can be changed.
func (k NATGateways) create(
	ctx context.Context, c graph.Claim, in *ec2.CreateNatGatewayInput,
) (NATGatewayState, error) {
	in.ClientToken = aws.String(c.Nonce)
	in.ConnectivityType = types.ConnectivityTypePublic
	in.TagSpecifications = cloud.EC2TagSpec(types.ResourceTypeNatgateway, c.Tags)
	out, err := k.API.CreateNatGateway(ctx, in)
	if err != nil {
		return NATGatewayState{}, err
	}
	o := observeNATGateway(*out.NatGateway)
	o.Identity = identityOf(out.NatGateway.NatGatewayId, c)
	return o, nil
}

func (k NATGateways) update(
	ctx context.Context, o NATGatewayState, want graph.Tags, changes []graph.Change,
) (NATGatewayState, error) {
	var err error
	o.Identity, err = cloud.EC2Retag(ctx, k.API, o.Identity, want, changes)
	return o, err
}

func observeNATGateway(gateway types.NatGateway) NATGatewayState {
	o := NATGatewayState{
		Identity: cloud.EC2Identity(gateway.NatGatewayId, gateway.Tags),
		VPCID:    aws.ToString(gateway.VpcId),
		SubnetID: aws.ToString(gateway.SubnetId),
		Mode:     gateway.AvailabilityMode,
		State:    gateway.State,
		Failure:  reason(gateway.FailureCode, gateway.FailureMessage),
	}
	if o.Mode == "" { // answers from before there was a choice
		o.Mode = types.AvailabilityModeZonal
	}
	for _, address := range gateway.NatGatewayAddresses {
		if address.AllocationId != nil {
			o.Allocations = append(o.Allocations, *address.AllocationId)
		}
		if address.PublicIp != nil {
			o.Addresses = append(o.Addresses, *address.PublicIp)
		}
	}
	slices.Sort(o.Addresses)
	return o
}

// reason is AWS's code and words for a failure, or empty.
func reason(code, message *string) string {
	if code == nil {
		return aws.ToString(message)
	}
	return *code + ": " + aws.ToString(message)
}
