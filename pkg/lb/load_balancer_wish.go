package lb

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
)

// LoadBalancer is the wish for one: an application load balancer that faces the internet.
type LoadBalancer struct {
	LoadBalancers
	graph.Meta
	Subnets       []graph.Ref // public ones, in two zones at least
	SecurityGroup graph.Ref
	Group         graph.Ref // the Auto Scaling group, which leaves a zone before the load balancer does; zero: none
	Internet      graph.Ref // the attached internet gateway, without which AWS refuses the subnets
}

const (
	fieldSubnets = "subnets"
	fieldGroups  = "securityGroups"
)

// Needs implements [graph.Resource].
func (r LoadBalancer) Needs() []graph.Need {
	needs := []graph.Need{r.Internet.Ready()}
	for _, ref := range append(slices.Clone(r.Subnets), r.SecurityGroup) {
		needs = append(needs, ref.Made(), ref.Made().ThenUpdate())
	}
	return needs
}

// Diff implements [graph.Resource].
func (r LoadBalancer) Diff(o LoadBalancerState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	if o.Scheme != types.LoadBalancerSchemeEnumInternetFacing {
		changes = append(changes, graph.Change{
			Field: "scheme", From: string(o.Scheme), To: string(types.LoadBalancerSchemeEnumInternetFacing),
			Fixed: "AWS can't change the scheme of a load balancer",
		})
	}
	changes = append(changes, graph.DiffRefsOf(r.Group, fieldSubnets, o.Subnets, r.Subnets...)...)
	return append(changes, graph.DiffRefs(fieldGroups, o.Groups, r.SecurityGroup)...)
}

// Report implements [graph.Reporting].
func (LoadBalancer) Report(o LoadBalancerState) []graph.Change {
	return reportAttributes(o.Changed, awsLoadBalancer)
}

// Create implements [graph.Resource].
func (r LoadBalancer) Create(ctx context.Context, c graph.Claim) (LoadBalancerState, error) {
	out, err := r.API.CreateLoadBalancer(ctx, &elb.CreateLoadBalancerInput{
		Name:           aws.String(r.Name),
		Type:           types.LoadBalancerTypeEnumApplication,
		Scheme:         types.LoadBalancerSchemeEnumInternetFacing,
		IpAddressType:  types.IpAddressTypeIpv4,
		Subnets:        graph.IDs(r.Subnets...),
		SecurityGroups: graph.IDs(r.SecurityGroup),
		Tags:           tagList(c.Tags),
	})
	if err != nil {
		return LoadBalancerState{}, err
	}
	o := observeLoadBalancer(out.LoadBalancers[0])
	o.Tags = c.Tags
	return o, nil
}

// Update implements [graph.Resource].
func (r LoadBalancer) Update(
	ctx context.Context, o LoadBalancerState, changes []graph.Change,
) (LoadBalancerState, error) {
	var calls errgroup.Group
	now := o
	calls.Go(func() (err error) {
		now.Identity, err = retag(ctx, r.API, o.Identity, r.Labels, changes)
		return err
	})
	if graph.Has(changes, fieldSubnets) {
		calls.Go(func() error {
			want := graph.IDs(r.Subnets...)
			_, err := r.API.SetSubnets(ctx, &elb.SetSubnetsInput{LoadBalancerArn: aws.String(o.ID), Subnets: want})
			if err == nil {
				now.Subnets = want
			}
			return err
		})
	}
	if graph.Has(changes, fieldGroups) {
		calls.Go(func() error {
			want := graph.IDs(r.SecurityGroup)
			in := &elb.SetSecurityGroupsInput{LoadBalancerArn: aws.String(o.ID), SecurityGroups: want}
			_, err := r.API.SetSecurityGroups(ctx, in)
			if err == nil {
				now.Groups = want
			}
			return err
		})
	}
	err := calls.Wait()
	return now, err
}
