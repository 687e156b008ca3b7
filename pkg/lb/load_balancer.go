package lb

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// LoadBalancerAPI is what this file calls.
type LoadBalancerAPI interface {
	TagAPI
	elb.DescribeLoadBalancersAPIClient
	CreateLoadBalancer(
		context.Context, *elb.CreateLoadBalancerInput, ...func(*elb.Options),
	) (*elb.CreateLoadBalancerOutput, error)
	SetSubnets(context.Context, *elb.SetSubnetsInput, ...func(*elb.Options)) (*elb.SetSubnetsOutput, error)
	SetSecurityGroups(
		context.Context, *elb.SetSecurityGroupsInput, ...func(*elb.Options),
	) (*elb.SetSecurityGroupsOutput, error)
	DescribeLoadBalancerAttributes(
		context.Context, *elb.DescribeLoadBalancerAttributesInput, ...func(*elb.Options),
	) (*elb.DescribeLoadBalancerAttributesOutput, error)
	DeleteLoadBalancer(
		context.Context, *elb.DeleteLoadBalancerInput, ...func(*elb.Options),
	) (*elb.DeleteLoadBalancerOutput, error)
}

// LoadBalancerState is a load balancer as observed. Its ID is its ARN.
type LoadBalancerState struct {
	graph.Identity
	DNSName         string
	VPCID           string
	Scheme          types.LoadBalancerSchemeEnum
	State           types.LoadBalancerStateEnum
	Reason          string
	Subnets, Groups []string
	Changed         map[string]string // attributes that are not as AWS set them, as far as a plan looks at them
}

// OutputDNSName is the name under which the load balancer is reached.
const OutputDNSName = "dns-name"

// Outputs implements [graph.Outputs].
func (o LoadBalancerState) Outputs() map[string]string {
	return map[string]string{OutputDNSName: o.DNSName}
}

// Facts implements [kind.Telling]: its name in DNS.
func (o LoadBalancerState) Facts() []string {
	return []string{o.DNSName}
}

// LoadBalancers is the kind "load-balancer". They are found by name, which is unique in a region: the API has no list
// by tag.
type LoadBalancers struct {
	API  LoadBalancerAPI
	Name string
}

// LoadBalancerKind is what is known of the kind "load-balancer".
var LoadBalancerKind = kind.Register(kind.Registration{
	Title:    "Load balancer",
	TaggedAs: kind.NotByEC2,
	Writes: kind.Writes{
		Create: "elasticloadbalancing:CreateLoadBalancer",
		Update: []kind.Update{
			tagWrites,
			{Field: "subnets", Set: []string{"elasticloadbalancing:SetSubnets"}},
			{Field: "securityGroups", Set: []string{"elasticloadbalancing:SetSecurityGroups"}},
		},
		Delete: []string{"elasticloadbalancing:DeleteLoadBalancer"},
	},
	Actions: kind.Actions{
		Read: []string{
			"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags",
			"elasticloadbalancing:DescribeLoadBalancerAttributes",
		},
		Create: []string{"elasticloadbalancing:CreateLoadBalancer"},
		Made:   []string{"elasticloadbalancing:*:{account}:loadbalancer/app/{name}/*"},
		Change: []string{
			"elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags", "elasticloadbalancing:DeleteLoadBalancer",
			"elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
		},
		// It looks that up on behalf of its creator, see "Elastic Load Balancing API permissions".
		Further: []kind.Allowance{{
			Actions: []string{"ec2:DescribeAccountAttributes"}, On: []string{"*"}, Implied: true,
		}},
		Linked: []string{"elasticloadbalancing.amazonaws.com"},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldSubnets, fieldGroups},
		Fixed:    []string{"scheme"},
		Reported: []string{reportedAttribute, reportedListener},
		Unread:   []string{"the kind of addresses", "a web ACL"},
	},
	Least: kind.Least{Waits: true, Lingers: true, Reads: 1, Plans: 1}, // it leaves network interfaces behind
	Place: kind.Balancer,
}, func(c *cloud.Region, name string) LoadBalancers { return LoadBalancers{API: c.ELB, Name: name} })

// Kind implements [graph.Kind].
func (LoadBalancers) Kind() string { return "load-balancer" }

// Pace implements [graph.Kind].
func (LoadBalancers) Pace() graph.Pace {
	return graph.Pace{Usual: 90 * time.Second, Typical: 2 * time.Minute, Limit: 15 * time.Minute}
}

// RepeatsSafely implements [graph.Repeatable]: the name is unique, and the same settings answer with the same ARN.
func (LoadBalancers) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k LoadBalancers) List(ctx context.Context, s *graph.Look) ([]LoadBalancerState, error) {
	return graph.Once(ctx, s, "load-balancers", func(ctx context.Context) ([]LoadBalancerState, error) {
		list := func(ctx context.Context) ([]LoadBalancerState, error) {
			return k.withAttributes(ctx, s)
		}
		return withTags(ctx, s, k.API, list, func(o *LoadBalancerState) *graph.Identity { return &o.Identity })
	})
}

// withAttributes completes the list, for a plan, with what is not in it; its call starts at once for a load balancer that
// the journal knows.
func (k LoadBalancers) withAttributes(ctx context.Context, s *graph.Look) ([]LoadBalancerState, error) {
	var bound errgroup.Group
	if s.Thorough && s.Only == nil {
		for _, arn := range s.Bound[k.Kind()] {
			bound.Go(func() error { _, err := k.attributes(ctx, s, arn); return err })
		}
	}
	found, err := describeLoadBalancers(ctx, s, k.API, k.Name)
	if waitErr := bound.Wait(); err == nil {
		err = waitErr
	}
	found = slices.Clone(found) // the listeners share it
	for i := range found {
		if err == nil && s.Thorough {
			var all map[string]string
			all, err = k.attributes(ctx, s, found[i].ID)
			found[i].Changed = changedAttributes(all, awsLoadBalancer)
		}
	}
	return found, err
}

// attributes are in no list: none for a load balancer that is not there.
func (k LoadBalancers) attributes(ctx context.Context, s *graph.Look, arn string) (map[string]string, error) {
	return graph.Once(ctx, s, "attributes of "+arn, func(ctx context.Context) (map[string]string, error) {
		in := &elb.DescribeLoadBalancerAttributesInput{LoadBalancerArn: aws.String(arn)}
		out, err := k.API.DescribeLoadBalancerAttributes(ctx, in)
		if err != nil {
			return nil, cloud.IgnoreNotFound(err)
		}
		all := map[string]string{}
		for _, attribute := range out.Attributes {
			all[aws.ToString(attribute.Key)] = aws.ToString(attribute.Value)
		}
		return all, nil
	})
}

// describeLoadBalancers is shared with the listeners, which are found through their load balancer.
func describeLoadBalancers(
	ctx context.Context, s *graph.Look, api elb.DescribeLoadBalancersAPIClient, name string,
) ([]LoadBalancerState, error) {
	return graph.Once(ctx, s, "load-balancers-untagged", func(ctx context.Context) ([]LoadBalancerState, error) {
		in := &elb.DescribeLoadBalancersInput{Names: []string{name}}
		if s.Only != nil {
			in = &elb.DescribeLoadBalancersInput{LoadBalancerArns: s.Only}
		}
		var found []LoadBalancerState
		for pages := elb.NewDescribeLoadBalancersPaginator(api, in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, cloud.IgnoreNotFound(err)
			}
			for _, balancer := range page.LoadBalancers {
				found = append(found, observeLoadBalancer(balancer))
			}
		}
		return found, nil
	})
}

// Phase implements [graph.Kind].
func (LoadBalancers) Phase(o LoadBalancerState) (graph.Phase, string) {
	switch o.State {
	case types.LoadBalancerStateEnumActive:
		return graph.Ready, ""
	case types.LoadBalancerStateEnumActiveImpaired:
		return graph.Ready, "active, but it can't scale: " + o.Reason
	case types.LoadBalancerStateEnumFailed:
		return graph.Failed, o.Reason
	}
	return graph.Pending, string(o.State)
}

// Delete implements [graph.Kind]. Its listeners go with it; its network interfaces go minutes later.
func (k LoadBalancers) Delete(ctx context.Context, o LoadBalancerState) error {
	_, err := k.API.DeleteLoadBalancer(ctx, &elb.DeleteLoadBalancerInput{LoadBalancerArn: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

func observeLoadBalancer(balancer types.LoadBalancer) LoadBalancerState {
	o := LoadBalancerState{
		Identity: graph.Identity{ID: aws.ToString(balancer.LoadBalancerArn)},
		DNSName:  aws.ToString(balancer.DNSName),
		VPCID:    aws.ToString(balancer.VpcId),
		Scheme:   balancer.Scheme,
		Groups:   slices.Sorted(slices.Values(balancer.SecurityGroups)),
	}
	if balancer.State != nil {
		o.State, o.Reason = balancer.State.Code, aws.ToString(balancer.State.Reason)
	}
	for _, zone := range balancer.AvailabilityZones {
		o.Subnets = append(o.Subnets, aws.ToString(zone.SubnetId))
	}
	slices.Sort(o.Subnets)
	return o
}
