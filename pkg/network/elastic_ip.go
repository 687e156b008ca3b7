package network

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// ElasticIPAPI is what this file calls.
type ElasticIPAPI interface {
	cloud.EC2Tagger
	DescribeAddresses(context.Context, *ec2.DescribeAddressesInput, ...func(*ec2.Options)) (*ec2.DescribeAddressesOutput, error)
	AllocateAddress(context.Context, *ec2.AllocateAddressInput, ...func(*ec2.Options)) (*ec2.AllocateAddressOutput, error)
	ReleaseAddress(context.Context, *ec2.ReleaseAddressInput, ...func(*ec2.Options)) (*ec2.ReleaseAddressOutput, error)
}

// ElasticIPState is an elastic IP address as observed; its ID is the allocation ID.
type ElasticIPState struct {
	graph.Identity
	PublicIP string
}

// OutputPublicIP is the address itself, which others allow through their firewalls.
const OutputPublicIP = "public-ip"

// Outputs implements [graph.Outputs].
func (o ElasticIPState) Outputs() map[string]string {
	return map[string]string{OutputPublicIP: o.PublicIP}
}

// Facts implements [kind.Telling]: the address itself.
func (o ElasticIPState) Facts() []string {
	return []string{o.PublicIP}
}

// ElasticIPs is the kind "elastic-ip".
type ElasticIPs struct{ API ElasticIPAPI }

// ElasticIP is the wish for one. Its user associates it.
type ElasticIP struct {
	ElasticIPs
	graph.Meta
}

// ElasticIPKind is what is known of the kind "elastic-ip".
var ElasticIPKind = kind.Register(kind.Registration{
	Title:    "Elastic IP",
	TaggedAs: types.ResourceTypeElasticIp,
	After:    []string{"nat-gateway"},
	Writes: kind.Writes{
		Create: "ec2:AllocateAddress", Update: []kind.Update{tagWrites}, Delete: []string{"ec2:ReleaseAddress"},
	},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeAddresses"},
		Create: []string{"ec2:AllocateAddress"},
		Change: []string{"ec2:CreateTags", "ec2:DeleteTags", "ec2:ReleaseAddress"},
	},
	Drift: kind.Drift{
		Unread: []string{"associations with anything but its NAT gateway", "its name in reverse DNS"},
	},
	Place: kind.Zone,
}, func(c *cloud.Region, _ string) ElasticIPs { return ElasticIPs{API: c.EC2} })

// Kind implements [graph.Kind].
func (ElasticIPs) Kind() string { return "elastic-ip" }

// Pace implements [graph.Kind].
func (ElasticIPs) Pace() graph.Pace { return graph.Pace{} }

// List implements [graph.Kind]. EC2 does not page this one.
func (k ElasticIPs) List(ctx context.Context, s *graph.Look) ([]ElasticIPState, error) {
	return graph.Once(ctx, s, "elastic IPs", func(ctx context.Context) ([]ElasticIPState, error) {
		out, err := k.API.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: cloud.EC2Filter(s, "allocation-id")})
		if err != nil {
			return nil, err
		}
		found := make([]ElasticIPState, 0, len(out.Addresses))
		for _, address := range out.Addresses {
			found = append(found, observeElasticIP(address))
		}
		return found, nil
	})
}

// Phase implements [graph.Kind].
func (ElasticIPs) Phase(ElasticIPState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind]. While AWS still takes an address out of what it manages itself, such as a NAT gateway,
// its answer can also be that the address is not the caller's to release: that is no more than a thing that is in use.
func (k ElasticIPs) Delete(ctx context.Context, o ElasticIPState) error {
	_, err := k.API.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: aws.String(o.ID)})
	if cloud.Code(err) == "AuthFailure" {
		return &smithy.GenericAPIError{Code: "InvalidIPAddress.InUse", Message: o.PublicIP + ": " + cloud.Text(err)}
	}
	return cloud.IgnoreNotFound(err)
}

// Needs implements [graph.Resource].
func (ElasticIP) Needs() []graph.Need { return nil }

// Diff implements [graph.Resource].
func (r ElasticIP) Diff(o ElasticIPState) []graph.Change { return r.Labels.Diff(o.Tags) }

// Create implements [graph.Resource]. AllocateAddress has neither token nor unique name: a repeat makes a second one.
func (r ElasticIP) Create(ctx context.Context, c graph.Claim) (ElasticIPState, error) {
	out, err := r.API.AllocateAddress(ctx, &ec2.AllocateAddressInput{
		Domain:            types.DomainTypeVpc,
		TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeElasticIp, c.Tags),
	})
	if err != nil {
		return ElasticIPState{}, err
	}
	return ElasticIPState{Identity: identityOf(out.AllocationId, c), PublicIP: aws.ToString(out.PublicIp)}, nil
}

// Update implements [graph.Resource].
func (r ElasticIP) Update(ctx context.Context, o ElasticIPState, changes []graph.Change) (ElasticIPState, error) {
	var err error
	o.Identity, err = cloud.EC2Retag(ctx, r.API, o.Identity, r.Labels, changes)
	return o, err
}

func observeElasticIP(address types.Address) ElasticIPState {
	return ElasticIPState{
		Identity: cloud.EC2Identity(address.AllocationId, address.Tags),
		PublicIP: aws.ToString(address.PublicIp),
	}
}
