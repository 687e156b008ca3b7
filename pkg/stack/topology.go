package stack

import (
	"net/netip"
	"slices"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/lb"
	"provision/pkg/network"
	"provision/pkg/state"
)

// topology fills one region's graph. It reads top to bottom as the stack: each part takes what it stands on.
type topology struct {
	*Stack
	region   string
	settings config.Settings
	facts    state.Facts
	clients  *cloud.Region
	graph    *graph.Graph
}

// zone is an availability zone's share of the stack.
type zone struct {
	letter          string // as [Letter] has it
	id              string // e.g. "euw1-az1"
	public, private graph.Ref
}

// Letter names the resources of one of a stack's zones, counted from 0.
func Letter(slot int) string { return string(rune('a' + slot)) }

// Slot is the number that [Letter] has for it.
func Slot(letter string) int { return int(letter[0]) - 'a' }

func (t topology) build() error {
	vpc := t.vpc()
	internet := t.internetGateway(vpc)
	zones, err := t.subnets(vpc)
	if err != nil {
		return err
	}
	groups := t.securityGroups(vpc)

	public := t.publicRoutes(vpc, internet, zones)
	ways := t.egress(vpc, internet, zones)
	endpoints := t.endpoints(vpc, zones, groups, ways)

	t.flowLogs(vpc)

	balancer := t.loadBalancer(internet, zones, groups)
	targets, listeners := t.listeners(vpc, balancer, groups.alb)
	t.instances(zones, groups, targets, ways, slices.Concat(ways, endpoints, []graph.Ref{public}, listeners))
	return nil
}

// of is a kind, bound to the region.
func of[K any](t topology, k kind.Of[K]) K { return k.In(t.clients, t.Name()) }

func (t topology) meta(key graph.Key) graph.Meta {
	return graph.Meta{Is: key, Labels: t.tags(t.settings.Tags, t.facts, key)}
}

func (t topology) vpc() graph.Ref {
	cidr := netip.MustParsePrefix(t.facts.CIDR)
	return graph.Add(t.graph, network.VPC{VPCs: of(t, network.VPCKind), Meta: t.meta("vpc"), CIDR: cidr})
}

func (t topology) internetGateway(vpc graph.Ref) graph.Ref {
	return graph.Add(t.graph, network.InternetGateway{
		InternetGateways: of(t, network.InternetGatewayKind), Meta: t.meta("internet-gateway"), VPC: vpc,
	})
}

// subnets makes one public and one private subnet in each zone. A zone's addresses depend on its slot alone, so that a
// further zone moves nothing.
func (t topology) subnets(vpc graph.Ref) ([]zone, error) {
	zones := make([]zone, 0, len(t.facts.Zones))
	for slot, id := range t.facts.Zones {
		if id == "" { // a zone that the stack has left
			continue
		}
		public, private, err := config.Subnets(netip.MustParsePrefix(t.facts.CIDR), slot)
		if err != nil {
			return nil, err
		}
		letter := Letter(slot)
		subnet := func(name string, cidr netip.Prefix) graph.Ref {
			return graph.Add(t.graph, network.Subnet{
				Subnets: of(t, network.SubnetKind), Meta: t.meta(graph.Join("subnet", name+"-"+letter)), VPC: vpc, ZoneID: id, CIDR: cidr,
			})
		}
		zones = append(zones, zone{
			letter: letter, id: id, public: subnet("public", public), private: subnet("private", private),
		})
	}
	return zones, nil
}

// publicRoutes routes the public subnets' outside traffic to the internet gateway, and with it that of the NAT
// gateways.
func (t topology) publicRoutes(vpc, internet graph.Ref, zones []zone) graph.Ref {
	return t.routeTable("public", vpc, internet, publicOf(zones)...)
}

func (t topology) routeTable(name string, vpc, target graph.Ref, subnets ...graph.Ref) graph.Ref {
	return graph.Add(t.graph, network.RouteTable{
		RouteTables: of(t, network.RouteTableKind), Meta: t.meta(graph.Join("route-table", name)),
		VPC: vpc, Subnets: subnets, Default: target,
	})
}

// instances are the launch template and the Auto Scaling group over the private subnets. They start only when what
// their user data needs is there: a way out, and the role.
func (t topology) instances(zones []zone, groups groups, targets graph.Ref, ways, before []graph.Ref) {
	c := t.settings.Compute
	launch := compute.LaunchTemplate{
		LaunchTemplates: of(t, compute.LaunchTemplateKind),
		Meta:            t.meta("launch-template"),
		Name:            t.Name(),
		AMI:             t.facts.AMI,
		InstanceType:    c.Type,
		InstanceProfile: t.Name(),
		SecurityGroup:   groups.app,
		UserData:        userData(c),
		VolumeGB:        int32(c.VolumeGB),
		RootDevice:      t.facts.RootDevice,
		InstanceTags:    t.meta("auto-scaling-group").Labels.Want,
	}
	template := graph.Add(t.graph, launch)
	needs := []graph.Need{t.graph.Ref(instanceProfile).Ready()}
	for _, ref := range before {
		needs = append(needs, ref.Ready())
	}
	group := graph.Add(t.graph, compute.AutoScalingGroup{
		AutoScalingGroups: of(t, compute.AutoScalingGroupKind),
		Meta:              t.meta(groupKey),
		Template:          template,
		Launch:            launch,
		Subnets:           privateOf(zones),
		Egress:            ways,
		TargetGroup:       targets,
		Min:               int32(c.Min),
		Max:               int32(c.Max),
		Desired:           int32(c.Desired),
		Resize:            t.facts.Desired != 0 && t.facts.Desired != c.Start,
		Grace:             bootTime,
		Drain:             t.settings.LB.Drain,
		After:             needs,
	})
	t.handOver(group)
}

// handOver lets whatever serves the instances of a zone wait until the group has left that zone.
func (t topology) handOver(group graph.Ref) {
	for _, key := range t.graph.Keys() {
		if kind := key.Kind(); kind == (lb.LoadBalancers{}).Kind() || kind == (network.VPCEndpoints{}).Kind() {
			t.graph.HandsOver(t.graph.Ref(key), group)
		}
	}
}

func publicOf(zones []zone) []graph.Ref {
	var refs []graph.Ref
	for _, z := range zones {
		refs = append(refs, z.public)
	}
	return refs
}

func privateOf(zones []zone) []graph.Ref {
	var refs []graph.Ref
	for _, z := range zones {
		refs = append(refs, z.private)
	}
	return refs
}
