package network

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// KeeperAPI tells of what AWS keeps network interfaces for.
type KeeperAPI interface {
	ec2.DescribeVpcEndpointsAPIClient
	ec2.DescribeNatGatewaysAPIClient
}

// BalancerAPI tells of load balancers, whose interfaces do not say whose they are.
type BalancerAPI interface {
	elb.DescribeLoadBalancersAPIClient
	DescribeTags(context.Context, *elb.DescribeTagsInput, ...func(*elb.Options)) (*elb.DescribeTagsOutput, error)
}

// Keepers know what the network interfaces that AWS manages in a region belong to, so that one whose owner lives is told
// apart from one that AWS is about to delete. The owner of an interface is looked up once, when it first blocks a deletion.
type Keepers struct {
	Region   string
	EC2      KeeperAPI
	Balancer BalancerAPI

	mu    sync.Mutex
	known map[string]*search // by kind and ID
}

// search is a look for a keeper; it is over when done is closed.
type search struct {
	done  chan struct{}
	found keeper
	err   error
}

func keepersOf(c *cloud.Region) *Keepers {
	return &Keepers{Region: c.Name, EC2: c.EC2, Balancer: c.ELB}
}

// keeper is a load balancer, an endpoint or a NAT gateway that has network interfaces.
type keeper struct {
	graph.Identity
	name    string // for people
	service string // that an endpoint leads to
	leaving bool
	there   bool
}

// passing looks up what an interface belongs to, and says whether AWS or this run will delete it: its keeper is
// gone, is going, or is the stack's, which removes it in the same run. That stays so and is not asked again.
func (k *Keepers) passing(ctx context.Context, p purpose, vpcID string, owner graph.Owner) (keeper, bool, error) {
	found, err := k.keeper(ctx, p, vpcID)
	passes := !found.there || found.leaving || owner.Owns(found.Identity)
	if err != nil || !passes { // the next look may find something else
		k.mu.Lock()
		delete(k.known, p.name())
		k.mu.Unlock()
	}
	return found, passes, err
}

func (p purpose) name() string { return p.kind + " " + p.id }

func (k *Keepers) keeper(ctx context.Context, p purpose, vpcID string) (keeper, error) {
	name := p.name()
	k.mu.Lock()
	one, known := k.known[name]
	if !known {
		if k.known == nil {
			k.known = map[string]*search{}
		}
		one = &search{done: make(chan struct{})}
		k.known[name] = one
	}
	k.mu.Unlock()
	if known {
		<-one.done
		return one.found, one.err
	}
	defer close(one.done)
	one.found, one.err = k.find(ctx, p, vpcID)
	return one.found, one.err
}

// find returns nothing for a keeper that is gone.
func (k *Keepers) find(ctx context.Context, p purpose, vpcID string) (keeper, error) {
	var all []keeper
	var err error
	switch p.kind {
	case keeperBalancer:
		all, err = k.balancers(ctx, p.id)
	case keeperEndpoint:
		all, err = endpointKeepers(ctx, k.EC2, vpcID)
	case keeperNAT:
		all, err = k.natGateways(ctx, vpcID)
	}
	if err != nil {
		return keeper{}, fmt.Errorf("look up the %s that holds it: %w", p.kind, err)
	}
	if i := slices.IndexFunc(all, func(one keeper) bool { return one.name == p.id }); i >= 0 {
		return all[i], nil
	}
	return keeper{}, nil
}

// balancers lists the load balancers of the region, with the tags of the one in question.
func (k *Keepers) balancers(ctx context.Context, suffix string) ([]keeper, error) {
	pages := elb.NewDescribeLoadBalancersPaginator(k.Balancer, &elb.DescribeLoadBalancersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, balancer := range page.LoadBalancers {
			arn := aws.ToString(balancer.LoadBalancerArn)
			if !strings.HasSuffix(arn, "loadbalancer/"+suffix) {
				continue
			}
			tags, err := k.balancerTags(ctx, arn)
			return []keeper{{Identity: graph.Identity{ID: arn, Tags: tags}, name: suffix, there: true}}, err
		}
	}
	return nil, nil
}

func (k *Keepers) balancerTags(ctx context.Context, arn string) (map[string]string, error) {
	out, err := k.Balancer.DescribeTags(ctx, &elb.DescribeTagsInput{ResourceArns: []string{arn}})
	if err != nil {
		return nil, cloud.IgnoreNotFound(err)
	}
	tags := map[string]string{}
	for _, described := range out.TagDescriptions {
		for _, tag := range described.Tags {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	}
	return tags, nil
}

func endpointKeepers(ctx context.Context, api ec2.DescribeVpcEndpointsAPIClient, vpcID string) ([]keeper, error) {
	pages := ec2.NewDescribeVpcEndpointsPaginator(api, &ec2.DescribeVpcEndpointsInput{Filters: inVPC(vpcID)})
	items := func(page *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return page.VpcEndpoints }
	return list(ctx, &graph.Look{}, "keepers", pages, items, func(i types.VpcEndpoint) keeper {
		o := observeEndpoint(i)
		phase, _ := (VPCEndpoints{}).Phase(o)
		return keeper{
			Identity: o.Identity, name: o.ID, service: o.Service, there: true, leaving: phase == graph.Leaving || phase == graph.Gone,
		}
	})
}

func (k *Keepers) natGateways(ctx context.Context, vpcID string) ([]keeper, error) {
	pages := ec2.NewDescribeNatGatewaysPaginator(k.EC2, &ec2.DescribeNatGatewaysInput{Filter: inVPC(vpcID)})
	items := func(page *ec2.DescribeNatGatewaysOutput) []types.NatGateway { return page.NatGateways }
	return list(ctx, &graph.Look{}, "keepers", pages, items, func(i types.NatGateway) keeper {
		o := observeNATGateway(i)
		phase, _ := (NATGateways{}).Phase(o)
		return keeper{Identity: o.Identity, name: o.ID, there: true, leaving: phase == graph.Leaving || phase == graph.Gone}
	})
}
