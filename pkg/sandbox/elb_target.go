package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// target is an instance in a target group.
type target struct {
	ID         string
	Port       int
	Registered time.Time
	Draining   time.Time // when it is deregistered for good; zero while it is registered
}

func targetOperations(reg *registry) {
	reg.elb("RegisterTargets", mutates, registerTargets)
	reg.elb("DeregisterTargets", mutates, deregisterTargets)
	reg.elb("DescribeTargetHealth", reads, describeTargetHealth)
	reg.effect("target-drained", drainedEffect)
}

// register adds a target, or ends the draining of one that is on its way out.
func (g *targetGroup) register(r *region, id string, port int) {
	if t := g.target(id, port); t != nil {
		if !t.Draining.IsZero() {
			t.Registered, t.Draining = r.now, time.Time{}
		}
		return
	}
	g.Targets = append(g.Targets, &target{ID: id, Port: port, Registered: r.now})
	r.touch()
}

// deregister lets a target drain. Where no listener sends requests there is nothing to drain.
func (g *targetGroup) deregister(r *region, id string, port int) {
	t := g.target(id, port)
	if t == nil || !t.Draining.IsZero() {
		return
	}
	seconds, err := strconv.Atoi(targetGroupDefaults.of(g.Attributes, "deregistration_delay.timeout_seconds"))
	if err != nil || g.InUse.IsZero() {
		seconds = 0
	}
	delay := time.Duration(seconds) * time.Second
	t.Draining = r.now.Add(delay)
	r.after(delay, "target-drained", g.ARN)
}

// drainedEffect takes out the targets whose time is over.
func drainedEffect(r *region, arn string) {
	g := targetGroups.get(r, arn)
	if g == nil {
		return
	}
	g.Targets = slices.DeleteFunc(slices.Clone(g.Targets), func(t *target) bool {
		return !t.Draining.IsZero() && !r.now.Before(t.Draining)
	})
}

func (g *targetGroup) target(id string, port int) *target {
	i := slices.IndexFunc(g.Targets, func(t *target) bool { return t.ID == id && t.Port == port })
	if i < 0 {
		return nil
	}
	return g.Targets[i]
}

// unused notes that no listener sends requests any more.
func (g *targetGroup) unused() {
	g.InUse = time.Time{}
	g.Targets = slices.DeleteFunc(slices.Clone(g.Targets), func(t *target) bool { return !t.Draining.IsZero() })
}

// readTargets are the targets that a call names; a port that was not sent is that of the group.
func (c *call) readTargets(g *targetGroup) ([]target, error) {
	var out []target
	for p := range c.Items("Targets") {
		port, err := p.Num("Port", g.Port)
		if err != nil || p.Str("Id") == "" {
			return nil, invalid("A target needs an ID, and its port must be a number")
		}
		out = append(out, target{ID: p.Str("Id"), Port: port})
	}
	return out, nil
}

func registerTargets(c *call) (any, error) {
	g, err := c.targetGroup()
	if err != nil {
		return nil, err
	}
	wanted, err := c.readTargets(g)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		return nil, invalid("At least one target must be specified")
	}
	for _, t := range wanted {
		i := instances.get(c.region, t.ID)
		switch {
		case i == nil:
			return nil, fail("InvalidTarget", "The following targets are not valid instances: '%s'", t.ID)
		case i.State != instanceRunning:
			return nil, fail("InvalidTarget",
				"The following targets are not in a running state and cannot be registered: '%s'", t.ID)
		case i.VPCID != g.VPCID:
			return nil, fail("InvalidTarget", "The following targets are not in the target group VPC '%s': '%s'", g.VPCID, t.ID)
		}
	}
	for _, t := range wanted {
		g.register(c.region, t.ID, t.Port)
	}
	return nil, nil
}

func deregisterTargets(c *call) (any, error) {
	g, err := c.targetGroup()
	if err != nil {
		return nil, err
	}
	unwanted, err := c.readTargets(g)
	if err != nil {
		return nil, err
	}
	for _, t := range unwanted {
		if g.target(t.ID, t.Port) == nil {
			return nil, fail("InvalidTarget", "The following targets are not registered: '%s'", t.ID)
		}
	}
	for _, t := range unwanted {
		g.deregister(c.region, t.ID, t.Port)
	}
	return nil, nil
}

type targetView struct {
	ID   string `wire:"Id"`
	Port int    `wire:"Port"`
	Zone string `wire:"AvailabilityZone"`
}

type targetHealth struct {
	Target    targetView `wire:"Target"`
	CheckPort string     `wire:"HealthCheckPort"`
	Health    health     `wire:"TargetHealth"`
}

// describeTargetHealth answers for all targets, or those that are named, which need not be registered.
func describeTargetHealth(c *call) (any, error) {
	g, err := c.targetGroup()
	if err != nil {
		return nil, err
	}
	wanted, err := c.readTargets(g)
	if err != nil {
		return nil, err
	}
	var out []targetHealth
	for _, t := range g.Targets {
		if len(wanted) == 0 {
			out = append(out, targetHealth{targetView{ID: t.ID, Port: t.Port}, g.checkPort(t), c.region.health(g, t)})
		}
	}
	for _, named := range wanted {
		state := health{"unused", "Target.NotRegistered", "Target is not registered to the target group"}
		if t := g.target(named.ID, named.Port); t != nil {
			state = c.region.health(g, t)
		}
		out = append(out, targetHealth{targetView{ID: named.ID, Port: named.Port}, g.checkPort(&named), state})
	}
	return struct {
		Descriptions []targetHealth `wire:"TargetHealthDescriptions>member"`
	}{out}, nil
}

// checkPort is where a target's health is checked.
func (g *targetGroup) checkPort(t *target) string {
	if strings.EqualFold(g.CheckPort, trafficPort) {
		return strconv.Itoa(t.Port)
	}
	return g.CheckPort
}
