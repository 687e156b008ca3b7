package network

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// VPCEndpointAPI is what this file, gateway_endpoint.go and interface_endpoint.go call.
type VPCEndpointAPI interface {
	cloud.EC2Tagger
	ec2.DescribeVpcEndpointsAPIClient
	CreateVpcEndpoint(context.Context, *ec2.CreateVpcEndpointInput, ...func(*ec2.Options)) (*ec2.CreateVpcEndpointOutput, error)
	ModifyVpcEndpoint(context.Context, *ec2.ModifyVpcEndpointInput, ...func(*ec2.Options)) (*ec2.ModifyVpcEndpointOutput, error)
	DeleteVpcEndpoints(context.Context, *ec2.DeleteVpcEndpointsInput, ...func(*ec2.Options)) (*ec2.DeleteVpcEndpointsOutput, error)
}

// VPCEndpointState is a gateway or interface endpoint as observed.
type VPCEndpointState struct {
	graph.Identity
	VPCID, Service string
	Type           types.VpcEndpointType
	State          string // in lower case, however the API spells it
	Failure        string // AWS's reason, once it failed

	RouteTables     []string // of a gateway endpoint
	Subnets, Groups []string // of an interface endpoint
	PrivateDNS      bool
	Policy          string // in its canonical form; empty: it allows everything
}

// Facts implements [kind.Telling]: what it leads to.
func (o VPCEndpointState) Facts() []string {
	return []string{o.Service, string(o.Type)}
}

// VPCEndpoints is the kind "vpc-endpoint".
type VPCEndpoints struct{ API VPCEndpointAPI }

// ServiceName is what an endpoint service is called in a region. It holds in every partition for what this package
// creates endpoints for, a gateway for s3 and interfaces for ssm and ssmmessages; in China, many other services have
// "cn." before it.
func ServiceName(region, service string) string { return "com.amazonaws." + region + "." + service }

const reportedPolicy = "policyDocument"

const fixedEndpoint = "AWS can't change what a VPC endpoint leads from or to"

// VPCEndpointKind is what is known of the kind "vpc-endpoint".
var VPCEndpointKind = kind.Register(kind.Registration{
	Title:    "Endpoint",
	TaggedAs: types.ResourceTypeVpcEndpoint,
	Writes: kind.Writes{
		Create: "ec2:CreateVpcEndpoint", Delete: []string{"ec2:DeleteVpcEndpoints"},
		Update: []kind.Update{tagWrites, {Field: "", Set: []string{"ec2:ModifyVpcEndpoint"}}},
	},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeVpcEndpoints"},
		Create: []string{"ec2:CreateVpcEndpoint"},
		Within: []string{"ec2:CreateVpcEndpoint"},
		Change: []string{"ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteVpcEndpoints", "ec2:ModifyVpcEndpoint"},
		// Private names associate a hosted zone, which is AWS's own and in no account, with the VPC. It is a dependent action
		// of CreateVpcEndpoint in "Actions, resources, and condition keys for Amazon EC2".
		Further: []kind.Allowance{{
			Actions: []string{"route53:AssociateVPCWithHostedZone"}, On: []string{"*"}, Implied: true, // for private names
		}},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldRouteTables, fieldSubnets, fieldGroups, fieldPrivateDNS},
		Fixed:    []string{"vpcId", "serviceName", "vpcEndpointType"},
		Reported: []string{reportedPolicy},
		Unread:   []string{"the kinds of addresses and of DNS records"},
	},
	Least: kind.Least{Waits: true, Lingers: true},
	Place: kind.Services,
}, func(c *cloud.Region, _ string) VPCEndpoints { return VPCEndpoints{API: c.EC2} })

// Kind implements [graph.Kind].
func (VPCEndpoints) Kind() string { return "vpc-endpoint" }

// Pace implements [graph.Kind]. Gateway endpoints are there at once.
func (VPCEndpoints) Pace() graph.Pace {
	return graph.Pace{
		Usual: 30 * time.Second, Typical: 45 * time.Second,
		Leave: 30 * time.Second, TypicalLeave: time.Minute, Limit: 10 * time.Minute,
	}
}

// List implements [graph.Kind]. IDs are picked from all endpoints of the region: asked for by ID, one that is gone is an
// error, and LocalStack has no filter by ID.
func (k VPCEndpoints) List(ctx context.Context, s *graph.Look) ([]VPCEndpointState, error) {
	in := &ec2.DescribeVpcEndpointsInput{}
	if s.Only == nil {
		in.Filters = cloud.EC2Filter(s, "")
	}
	items := func(page *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return page.VpcEndpoints }
	all, err := list(ctx, s, "VPC endpoints", ec2.NewDescribeVpcEndpointsPaginator(k.API, in), items, observeEndpoint)
	if err != nil || s.Only == nil {
		return all, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(o VPCEndpointState) bool { return !slices.Contains(s.Only, o.ID) }), nil
}

// Phase implements [graph.Kind].
func (VPCEndpoints) Phase(o VPCEndpointState) (graph.Phase, string) {
	switch o.State {
	case "available":
		return graph.Ready, ""
	case "failed", "rejected", "expired":
		return graph.Failed, strings.TrimSuffix(o.State+": "+o.Failure, ": ")
	case "deleting":
		return graph.Leaving, o.State
	case "deleted":
		return graph.Gone, o.State
	}
	return graph.Pending, o.State
}

// Delete implements [graph.Kind].
func (k VPCEndpoints) Delete(ctx context.Context, o VPCEndpointState) error {
	failed, err := k.DeleteTogether(ctx, []VPCEndpointState{o})
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	return failed[o.ID]
}

// DeleteTogether implements [graph.Together]. The answer lists the endpoints that could not be deleted, although its
// HTTP status is success.
func (k VPCEndpoints) DeleteTogether(ctx context.Context, all []VPCEndpointState) (map[string]error, error) {
	ids := make([]string, 0, len(all))
	for _, o := range all {
		ids = append(ids, o.ID)
	}
	out, err := k.API.DeleteVpcEndpoints(ctx, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: ids})
	if err != nil {
		return nil, err
	}
	failed := unsuccessful(out.Unsuccessful)
	maps.DeleteFunc(failed, func(_ string, err error) bool { return cloud.IsNotFound(err) })
	return failed, nil
}

func unsuccessful(items []types.UnsuccessfulItem) map[string]error {
	failed := map[string]error{}
	for _, item := range items {
		if item.Error != nil {
			id := aws.ToString(item.ResourceId)
			failed[id] = fmt.Errorf("%s: %w", id, &smithy.GenericAPIError{
				Code: aws.ToString(item.Error.Code), Message: aws.ToString(item.Error.Message),
			})
		}
	}
	return failed
}

// RepeatsSafely implements [graph.Repeatable], by the client token.
func (VPCEndpoints) RepeatsSafely() bool { return true }

func (k VPCEndpoints) create(
	ctx context.Context, c graph.Claim, in *ec2.CreateVpcEndpointInput,
) (VPCEndpointState, error) {
	in.ClientToken = aws.String(c.Nonce)
	in.TagSpecifications = cloud.EC2TagSpec(types.ResourceTypeVpcEndpoint, c.Tags)
	out, err := k.API.CreateVpcEndpoint(ctx, in)
	if err != nil {
		return VPCEndpointState{}, err
	}
	o := observeEndpoint(*out.VpcEndpoint)
	o.Identity = identityOf(out.VpcEndpoint.VpcEndpointId, c)
	return o, nil
}

// diffEndpoint compares what neither kind of endpoint can change.
func diffEndpoint(o VPCEndpointState, kind types.VpcEndpointType, vpc graph.Ref, service string) []graph.Change {
	changes := fixedRef("vpcId", o.VPCID, vpc, fixedEndpoint)
	if o.Service != service {
		changes = append(changes, graph.Change{Field: "serviceName", From: o.Service, To: service, Fixed: fixedEndpoint})
	}
	if o.Type != kind {
		changes = append(changes, graph.Change{
			Field: "vpcEndpointType", From: string(o.Type), To: string(kind), Fixed: fixedEndpoint,
		})
	}
	return changes
}

// madeAndAdded are the needs of what an endpoint belongs to: it must be there before the endpoint is made, and before
// it is added to an endpoint that is there.
func madeAndAdded(all []graph.Ref) []graph.Need {
	needs := make([]graph.Need, 0, 2*len(all))
	for _, ref := range all {
		needs = append(needs, ref.Made(), ref.Made().ThenUpdate())
	}
	return needs
}

// swap is what to add to and to remove from a list of IDs to get from one to the other.
func swap(have, want []string) (add, remove []string) {
	without := func(ids, other []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(other, id) })
	}
	return without(want, have), without(have, want)
}

func observeEndpoint(endpoint types.VpcEndpoint) VPCEndpointState {
	o := VPCEndpointState{
		Identity:    cloud.EC2Identity(endpoint.VpcEndpointId, endpoint.Tags),
		VPCID:       aws.ToString(endpoint.VpcId),
		Service:     aws.ToString(endpoint.ServiceName),
		Type:        endpoint.VpcEndpointType,
		State:       strings.ToLower(string(endpoint.State)),
		Failure:     aws.ToString(endpoint.FailureReason),
		RouteTables: slices.Clone(endpoint.RouteTableIds),
		Subnets:     slices.Clone(endpoint.SubnetIds),
		PrivateDNS:  aws.ToBool(endpoint.PrivateDnsEnabled),
		Policy:      observePolicy(aws.ToString(endpoint.PolicyDocument)),
	}
	if endpoint.LastError != nil {
		o.Failure = reason(endpoint.LastError.Code, endpoint.LastError.Message)
	}
	for _, group := range endpoint.Groups {
		o.Groups = append(o.Groups, aws.ToString(group.GroupId))
	}
	return o
}

// report is a policy that others put on the endpoint.
func (o VPCEndpointState) report() []graph.Change {
	if o.Policy == "" {
		return nil
	}
	return []graph.Change{{Field: reportedPolicy, From: o.Policy, To: "full access"}}
}

// observePolicy is the policy in one form for all texts that mean the same, and empty for the one with which AWS creates
// an endpoint ("Control access to VPC endpoints using endpoint policies").
func observePolicy(text string) string {
	var policy struct{ Statement []map[string]any }
	if text == "" || json.Unmarshal([]byte(text), &policy) != nil {
		return text
	}
	if len(policy.Statement) == 1 {
		s := policy.Statement[0]
		delete(s, "Sid")
		full := map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
		if maps.Equal(s, full) {
			return ""
		}
	}
	var value any
	_ = json.Unmarshal([]byte(text), &value) // it was JSON a moment ago
	canonical, err := json.Marshal(value)
	if err != nil {
		return text
	}
	return string(canonical)
}
