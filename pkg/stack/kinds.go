package stack

import (
	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/network"
)

// kinds are the kinds of a region, bound to its clients.
type kinds struct {
	vpcs              network.VPCs
	subnets           network.Subnets
	internetGateways  network.InternetGateways
	elasticIPs        network.ElasticIPs
	natGateways       network.NATGateways
	routeTables       network.RouteTables
	securityGroups    network.SecurityGroups
	vpcEndpoints      network.VPCEndpoints
	launchTemplates   compute.LaunchTemplates
	autoScalingGroups compute.AutoScalingGroups
	loadBalancers     lb.LoadBalancers
	targetGroups      lb.TargetGroups
	listeners         lb.Listeners
}

func newKinds(c *cloud.Region, name string) kinds {
	return kinds{
		vpcs:              network.VPCs{API: c.EC2},
		subnets:           network.Subnets{API: c.EC2},
		internetGateways:  network.InternetGateways{API: c.EC2},
		elasticIPs:        network.ElasticIPs{API: c.EC2},
		natGateways:       network.NATGateways{API: c.EC2},
		routeTables:       network.RouteTables{API: c.EC2},
		securityGroups:    network.SecurityGroups{API: c.EC2},
		vpcEndpoints:      network.VPCEndpoints{API: c.EC2},
		launchTemplates:   compute.LaunchTemplates{API: c.EC2},
		autoScalingGroups: compute.AutoScalingGroups{API: c.AutoScaling, Name: name},
		loadBalancers:     lb.LoadBalancers{API: c.ELB, Name: name},
		targetGroups:      lb.TargetGroups{API: c.ELB, Name: name},
		listeners:         lb.Listeners{API: c.ELB, Name: name},
	}
}

// addTo is the order of removal: each kind, and the kinds that must be gone before it. What is slow to go and waits
// for nothing comes first; AWS takes the network interfaces of those away some minutes later, which subnets, groups
// and the internet gateway wait for by themselves.
func (k kinds) addTo(g *graph.Graph) {
	const (
		asg, balancer, nat, endpoint = "auto-scaling-group", "load-balancer", "nat-gateway", "vpc-endpoint"
		subnet, table, group         = "subnet", "route-table", "security-group"
		internet                     = "internet-gateway"
	)
	graph.AddKind(g, k.autoScalingGroups)
	graph.AddKind(g, k.loadBalancers)
	graph.AddKind(g, k.natGateways)
	graph.AddKind(g, k.vpcEndpoints)
	graph.AddKind(g, k.listeners, balancer)
	graph.AddKind(g, k.targetGroups, asg, balancer, "listener")
	graph.AddKind(g, k.launchTemplates, asg)
	graph.AddKind(g, k.elasticIPs, nat)
	graph.AddKind(g, k.subnets, asg, balancer, nat, endpoint)
	graph.AddKind(g, k.securityGroups, asg, balancer, endpoint)
	graph.AddKind(g, k.internetGateways, asg, balancer, nat)
	graph.AddKind(g, k.routeTables, subnet, endpoint)
	graph.AddKind(g, k.vpcs, subnet, table, group, internet, endpoint)
}

func (s *Stack) regionGraph(region string) *graph.Graph {
	g := graph.New(region)
	newKinds(s.Cloud.Region(region), s.Name()).addTo(g)
	return g
}
