package stack

import (
	"net/netip"

	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/network"
)

// groups are the stack's security groups. Port 22 is in none of them.
type groups struct{ alb, app, endpoint graph.Ref }

var anywhere = netip.MustParsePrefix("0.0.0.0/0")

const (
	httpPort  = 80
	httpsPort = 443
)

func (t topology) securityGroups(vpc graph.Ref) groups {
	alb := t.loadBalancerGroup(vpc)
	app := t.securityGroup("app", "The instances: web traffic from the load balancer only", vpc,
		network.Rule{Port: httpPort, Group: alb})
	g := groups{alb: alb, app: app}
	if t.settings.Endpoints.SSM != config.EndpointNone {
		g.endpoint = t.securityGroup("endpoint", "The interface endpoints: TLS from the instances only", vpc,
			network.Rule{Port: httpsPort, Group: app})
	}
	return g
}

// publicRules open the listener's port, and 443 only where there is TLS to answer it.
func (t topology) publicRules() []network.Rule {
	rules := []network.Rule{{Port: int32(t.settings.LB.Port), CIDR: anywhere}}
	if t.settings.LB.TLS.On() {
		rules = append(rules, network.Rule{Port: httpsPort, CIDR: anywhere})
	}
	return rules
}

// loadBalancerGroup closes the port of HTTPS, where TLS is turned off, when HTTP no longer redirects to it.
func (t topology) loadBalancerGroup(vpc graph.Ref) graph.Ref {
	group := t.group("alb", "The load balancer: web traffic from anywhere", vpc, t.publicRules()...)
	if !t.settings.LB.TLS.On() {
		group.Retiring, group.Heir = []network.Rule{{Port: httpsPort, CIDR: anywhere}}, t.graph.Ref(httpKey)
	}
	return graph.Add(t.graph, group)
}

func (t topology) securityGroup(name, description string, vpc graph.Ref, rules ...network.Rule) graph.Ref {
	return graph.Add(t.graph, t.group(name, description, vpc, rules...))
}

func (t topology) group(name, description string, vpc graph.Ref, rules ...network.Rule) network.SecurityGroup {
	return network.SecurityGroup{
		SecurityGroups: of(t, network.SecurityGroupKind),
		Meta:           t.meta(graph.Join("security-group", name)),
		VPC:            vpc,
		GroupName:      t.Name() + "-" + name,
		Description:    description,
		Ingress:        rules,
	}
}
