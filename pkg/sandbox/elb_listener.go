package sandbox

import (
	"reflect"
	"slices"
)

// listener is a port of a load balancer.
type listener struct {
	ARN             string        `wire:"ListenerArn"`
	LoadBalancerARN string        `wire:"LoadBalancerArn"`
	Port            int           `wire:"Port"`
	Protocol        string        `wire:"Protocol"`
	Certificates    []certificate `wire:"Certificates>member"`
	Policy          string        `wire:"SslPolicy"`
	Actions         []action      `wire:"DefaultActions>member"`

	Tags elbTags
}

type certificate struct {
	ARN string `wire:"CertificateArn"`
}

// defaultPolicy is the TLS policy of listeners that are made through the API without naming one.
const defaultPolicy = "ELBSecurityPolicy-2016-08"

var listeners = newKind[listener]("elb-listener", "")

func listenerOperations(reg *registry) {
	reg.elb("CreateListener", mutates, createListener)
	reg.elb("DescribeListeners", reads, describeListeners)
	reg.elb("ModifyListener", mutates, modifyListener)
	reg.elb("DeleteListener", mutates, deleteListener)
	reg.elb("DescribeRules", reads, describeRules)
}

func noListener() *Error { return fail("ListenerNotFound", "One or more listeners not found") }

// listener is the one that the call names.
func (c *call) listener() (*listener, error) {
	arn := c.Str("ListenerArn")
	if arn == "" {
		return nil, invalid("A listener ARN must be specified")
	}
	if l := listeners.get(c.region, arn); l != nil {
		return l, nil
	}
	return nil, noListener()
}

type listenerList struct {
	Listeners  []*listener `wire:"Listeners>member"`
	NextMarker string      `wire:"NextMarker"`
}

// createListener works while the load balancer is provisioning, and succeeds again for the same port and settings.
func createListener(c *call) (any, error) {
	lb, err := c.loadBalancer()
	if err != nil {
		return nil, err
	}
	l := &listener{LoadBalancerARN: lb.ARN}
	if l.Port, err = c.port("Port", "Listener"); err != nil {
		return nil, err
	}
	if err := l.read(c, lb); err != nil {
		return nil, err
	}
	if len(l.Actions) == 0 {
		return nil, invalid("A default action must be specified")
	}
	if l.Tags, err = l.Tags.with(c.Params); err != nil {
		return nil, err
	}
	if known := listenerOn(c.region, lb.ARN, l.Port); known != nil {
		if !known.same(l) {
			return nil, fail("DuplicateListener",
				"A listener already exists on this port for this load balancer '%s'", lb.ARN)
		}
		return listenerList{Listeners: []*listener{known}}, nil
	}
	l.ARN = c.region.elbARN("listener/" + afterSlash(lb.ARN))
	listeners.put(c.region, l.ARN, l)
	c.region.countUses()
	return listenerList{Listeners: []*listener{l}}, nil
}

// read changes what the parameters name, but for the port.
func (l *listener) read(c *call, lb *loadBalancer) error {
	l.Protocol = orElse(c.Str("Protocol"), l.Protocol)
	if l.Protocol != "HTTP" && l.Protocol != "HTTPS" {
		return invalid("Listener protocol '%s' must be one of 'HTTPS, HTTP'", l.Protocol)
	}
	if c.HasList("Certificates") {
		l.Certificates = nil
		for p := range c.Items("Certificates") {
			l.Certificates = append(l.Certificates, certificate{p.Str("CertificateArn")})
		}
	}
	l.Policy = orElse(c.Str("SslPolicy"), l.Policy)
	if l.Protocol == "HTTPS" {
		l.Policy = orElse(l.Policy, defaultPolicy)
		if len(l.Certificates) == 0 {
			return invalid("A certificate must be specified for HTTPS listeners")
		}
	} else {
		l.Certificates, l.Policy = nil, ""
	}
	if !c.HasList("DefaultActions") {
		return nil
	}
	var err error
	l.Actions, err = readActions(c, "DefaultActions", lb)
	return err
}

func (l *listener) same(other *listener) bool {
	return l.Protocol == other.Protocol && l.Policy == other.Policy && slices.Equal(l.Certificates, other.Certificates) &&
		reflect.DeepEqual(l.Actions, other.Actions) && l.Tags.equal(other.Tags)
}

// listenerOn is the listener on a port of a load balancer, nil if there is none.
func listenerOn(r *region, balancer string, port int) *listener {
	for l := range listeners.all(r) {
		if l.LoadBalancerARN == balancer && l.Port == port {
			return l
		}
	}
	return nil
}

func describeListeners(c *call) (any, error) {
	arns := c.List("ListenerArns")
	if c.Str("LoadBalancerArn") == "" && len(arns) == 0 {
		return nil, invalid("You must specify either listener ARNs or a load balancer ARN")
	}
	found, err := elbSelect(listeners.seen(c.region), arns, nil, nil, func(string) *Error { return noListener() })
	if err != nil {
		return nil, err
	}
	if c.Has("LoadBalancerArn") {
		lb, err := c.loadBalancer()
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(l *listener) bool { return l.LoadBalancerARN != lb.ARN })
	}
	page, next, err := elbPage(c, found)
	return listenerList{page, next}, err
}

func modifyListener(c *call) (any, error) {
	l, err := c.listener()
	if err != nil {
		return nil, err
	}
	changed := *l
	if c.Has("Port") {
		if changed.Port, err = c.port("Port", "Listener"); err != nil {
			return nil, err
		}
	}
	if other := listenerOn(c.region, l.LoadBalancerARN, changed.Port); other != nil && other.ARN != l.ARN {
		return nil, fail("DuplicateListener",
			"A listener already exists on this port for this load balancer '%s'", l.LoadBalancerARN)
	}
	if err := changed.read(c, loadBalancerKind.get(c.region, l.LoadBalancerARN)); err != nil {
		return nil, err
	}
	*l = changed
	c.region.countUses()
	return listenerList{Listeners: []*listener{l}}, nil
}

func deleteListener(c *call) (any, error) {
	l, err := c.listener()
	if err != nil {
		return nil, err
	}
	listeners.drop(c.region, l.ARN)
	c.region.countUses()
	return nil, nil
}

// countUses notes at each target group which load balancers use it, after listeners have changed.
func (r *region) countUses() {
	for g := range targetGroups.all(r) {
		g.LoadBalancers = nil
		for l := range listeners.all(r) {
			if l.forwardsTo(g.ARN) && !g.usedBy(l.LoadBalancerARN) {
				g.LoadBalancers = append(g.LoadBalancers, l.LoadBalancerARN)
			}
		}
		switch {
		case len(g.LoadBalancers) == 0:
			g.unused()
		case g.InUse.IsZero():
			g.InUse = r.now
		}
	}
	r.touch()
}

func (l *listener) forwardsTo(group string) bool {
	return slices.ContainsFunc(l.Actions, func(a action) bool {
		return a.Forward != nil && slices.ContainsFunc(a.Forward.Groups, func(to weightedGroup) bool {
			return to.ARN == group
		})
	})
}

func (g *targetGroup) usedBy(balancer string) bool { return slices.Contains(g.LoadBalancers, balancer) }

// rule is what a listener does under a condition. The sandbox has the default rules only, which have none.
type rule struct {
	ARN      string   `wire:"RuleArn"`
	Priority string   `wire:"Priority"`
	Actions  []action `wire:"Actions>member"`
	Default  bool     `wire:"IsDefault"`
}

func describeRules(c *call) (any, error) {
	l, err := c.listener()
	if err != nil {
		return nil, err
	}
	return struct {
		Rules []rule `wire:"Rules>member"`
	}{[]rule{{"arn:aws:elasticloadbalancing:" + c.region.name + ":" + c.account.id + ":listener-rule/" +
		afterSlash(l.ARN) + "/0000000000000001", "default", l.Actions, true}}}, nil
}
