package stack_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"provision/pkg/effect"
)

// photo is what users have of a region, as AWS's API tells it.
type photo struct {
	instances []string            // IDs
	sources   map[string][]string // addresses that requests come from, by the private subnet
	zones     int                 // that the group spans
	ways      int                 // NAT gateways, of which one that is regional counts in each of its zones
	name      string              // of the load balancer
	ports     []string
	redirects []string // ports
	doors     []string // what the load balancer's security group lets in
	days      int32    // that records are kept; 0: there are none
}

// photograph looks at the first region.
func (w *world) photograph(t *testing.T) photo {
	t.Helper()
	p := photo{sources: map[string][]string{}}
	p.group(t, w.config())
	p.front(t, w.config())
	p.egress(t, w.config())
	logs, err := cloudwatchlogs.NewFromConfig(w.config()).DescribeLogGroups(t.Context(), nil)
	must(t, err)
	for _, group := range logs.LogGroups {
		p.days = aws.ToInt32(group.RetentionInDays)
	}
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *photo) group(t *testing.T, cfg aws.Config) {
	groups, err := autoscaling.NewFromConfig(cfg).DescribeAutoScalingGroups(t.Context(), nil)
	must(t, err)
	for _, group := range groups.AutoScalingGroups {
		for _, member := range group.Instances {
			p.instances = append(p.instances, *member.InstanceId)
		}
		p.zones = len(group.AvailabilityZones)
	}
	slices.Sort(p.instances)
}

func (p *photo) front(t *testing.T, cfg aws.Config) {
	balancers := elb.NewFromConfig(cfg)
	all, err := balancers.DescribeLoadBalancers(t.Context(), nil)
	must(t, err)
	for _, b := range all.LoadBalancers {
		p.name = *b.DNSName
		listeners, err := balancers.DescribeListeners(t.Context(), &elb.DescribeListenersInput{LoadBalancerArn: b.LoadBalancerArn})
		must(t, err)
		for _, l := range listeners.Listeners {
			port := strconv.Itoa(int(*l.Port))
			p.ports = append(p.ports, port)
			if l.DefaultActions[0].RedirectConfig != nil {
				p.redirects = append(p.redirects, port)
			}
		}
		rules, err := ec2.NewFromConfig(cfg).DescribeSecurityGroupRules(t.Context(), &ec2.DescribeSecurityGroupRulesInput{
			Filters: []types.Filter{{Name: aws.String("group-id"), Values: b.SecurityGroups}},
		})
		must(t, err)
		for _, rule := range rules.SecurityGroupRules {
			if !*rule.IsEgress {
				p.doors = append(p.doors, strconv.Itoa(int(*rule.FromPort))+" "+aws.ToString(rule.CidrIpv4))
			}
		}
	}
}

func (p *photo) egress(t *testing.T, cfg aws.Config) {
	api := ec2.NewFromConfig(cfg)
	addresses := map[string][]string{}
	nats, err := api.DescribeNatGateways(t.Context(), nil)
	must(t, err)
	for _, nat := range nats.NatGateways {
		if nat.State == types.NatGatewayStateDeleted || nat.State == types.NatGatewayStateDeleting {
			continue
		}
		for _, a := range nat.NatGatewayAddresses {
			addresses[*nat.NatGatewayId] = append(addresses[*nat.NatGatewayId], aws.ToString(a.PublicIp))
		}
		p.ways += max(1, len(nat.NatGatewayAddresses))
	}
	tables, err := api.DescribeRouteTables(t.Context(), nil)
	must(t, err)
	for _, table := range tables.RouteTables {
		for _, name := range table.Tags {
			if *name.Key == "Name" && strings.Contains(*name.Value, "private") {
				p.sources[*table.RouteTableId] = sourcesOf(table, addresses)
			}
		}
	}
}

// sourcesOf are the addresses of the NAT gateway that a route table leads to.
func sourcesOf(table types.RouteTable, addresses map[string][]string) []string {
	for _, route := range table.Routes {
		if aws.ToString(route.DestinationCidrBlock) == "0.0.0.0/0" && route.NatGatewayId != nil {
			return addresses[*route.NatGatewayId]
		}
	}
	return nil
}

// all are the addresses of all subnets.
func (p photo) all() []string {
	all := slices.Sorted(func(yield func(string) bool) {
		for _, ips := range p.sources {
			for _, ip := range ips {
				if !yield(ip) {
					return
				}
			}
		}
	})
	return slices.Compact(all)
}

// happened are the kinds of effects that lie between two photos, and how many instances ended.
func happened(before, after photo, silent, unrecorded bool) (kinds []effect.Kind, ended int) {
	found := map[effect.Kind]bool{
		effect.NameLost:    before.name != after.name,
		effect.PortClosed:  len(lacking(before.ports, after.ports)) > 0,
		effect.Opened:      len(lacking(after.doors, before.doors)) > 0,
		effect.Redirect:    len(lacking(after.redirects, before.redirects)) > 0,
		effect.Redundancy:  after.zones < before.zones || 0 < after.ways && after.ways < before.ways,
		effect.RecordsLost: after.days < before.days || unrecorded,
		effect.Outage:      silent && len(lacking(before.ports, after.ports)) == 0,
	}
	for table, was := range before.sources {
		now, stays := after.sources[table]
		found[effect.EgressLost] = found[effect.EgressLost] || stays && len(was) > 0 && len(now) == 0
	}
	found[effect.Addresses] = !slices.Equal(before.all(), after.all())
	gone := len(lacking(before.instances, after.instances))
	fewer := max(0, len(before.instances)-len(after.instances))
	found[effect.Capacity], found[effect.Replaced] = fewer > 0, gone > fewer
	maps.DeleteFunc(found, func(_ effect.Kind, so bool) bool { return !so })
	return slices.Sorted(maps.Keys(found)), gone
}

// lacking are the elements of the one list that the other has not.
func lacking(of, in []string) []string {
	return slices.DeleteFunc(slices.Clone(of), func(one string) bool { return slices.Contains(in, one) })
}

// kept is what stays for those who use the region.
func kept(before, after photo) string {
	var all []string
	for what, same := range map[string]bool{
		"instances":        len(lacking(before.instances, after.instances)) == 0,
		"source addresses": len(before.all()) > 0 && len(lacking(before.all(), after.all())) == 0,
		"ports":            len(lacking(before.ports, after.ports)) == 0,
		"name":             before.name == after.name,
	} {
		if same {
			all = append(all, what)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
