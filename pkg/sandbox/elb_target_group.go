package sandbox

import "time"

// targetGroup is where listeners send requests.
type targetGroup struct {
	ARN             string   `wire:"TargetGroupArn"`
	Name            string   `wire:"TargetGroupName"`
	Protocol        string   `wire:"Protocol"`
	ProtocolVersion string   `wire:"ProtocolVersion"`
	Port            int      `wire:"Port"`
	VPCID           string   `wire:"VpcId"`
	Type            string   `wire:"TargetType"`
	IPAddress       string   `wire:"IpAddressType"`
	LoadBalancers   []string `wire:"LoadBalancerArns>member"` // whose listeners use it
	healthCheck

	InUse      time.Time // since when a listener uses it; zero if none does
	Attributes map[string]string
	Tags       elbTags
	Targets    []*target
}

var targetGroups = newKind[targetGroup]("elb-target-group", "")

func targetGroupOperations(reg *registry) {
	reg.elb("CreateTargetGroup", mutates, createTargetGroup)
	reg.elb("DescribeTargetGroups", reads, describeTargetGroups)
	reg.elb("ModifyTargetGroup", mutates, modifyTargetGroup)
	reg.elb("DeleteTargetGroup", mutates, deleteTargetGroup)
	reg.elb("DescribeTargetGroupAttributes", reads, describeTargetGroupAttributes)
	reg.elb("ModifyTargetGroupAttributes", mutates, modifyTargetGroupAttributes)
}

func noTargetGroup() *Error {
	return fail("TargetGroupNotFound", "One or more target groups not found")
}

// targetGroup is the one that the call names.
func (c *call) targetGroup() (*targetGroup, error) {
	arn := c.Str("TargetGroupArn")
	if arn == "" {
		return nil, invalid("A target group ARN must be specified")
	}
	if g := targetGroups.get(c.region, arn); g != nil {
		return g, nil
	}
	return nil, noTargetGroup()
}

type targetGroupList struct {
	Groups     []*targetGroup `wire:"TargetGroups>member"`
	NextMarker string         `wire:"NextMarker"`
}

// createTargetGroup succeeds again for the same name and settings, with the target group that is there.
func createTargetGroup(c *call) (any, error) {
	g, err := readTargetGroup(c)
	if err != nil {
		return nil, err
	}
	for known := range targetGroups.all(c.region) {
		if known.Name != g.Name {
			continue
		}
		if !known.same(g) {
			return nil, fail("DuplicateTargetGroupName",
				"A target group with the same name '%s' exists, but with different settings", g.Name)
		}
		return targetGroupList{Groups: []*targetGroup{known}}, nil
	}
	g.ARN = c.region.elbARN("targetgroup/" + g.Name)
	targetGroups.put(c.region, g.ARN, g)
	return targetGroupList{Groups: []*targetGroup{g}}, nil
}

func readTargetGroup(c *call) (*targetGroup, error) {
	g := &targetGroup{
		Name: c.Str("Name"), Protocol: c.Str("Protocol"), ProtocolVersion: orElse(c.Str("ProtocolVersion"), "HTTP1"),
		VPCID: c.Str("VpcId"), Type: orElse(c.Str("TargetType"), "instance"),
		IPAddress: orElse(c.Str("IpAddressType"), "ipv4"), Attributes: map[string]string{},
	}
	if err := checkELBName("target group", g.Name); err != nil {
		return nil, err
	}
	if g.Type != "instance" || g.IPAddress != "ipv4" {
		return nil, fail("UnsupportedOperation", "The sandbox has target groups of instances with IPv4 only")
	}
	if g.Protocol != "HTTP" && g.Protocol != "HTTPS" {
		return nil, invalid("Target group protocol '%s' must be one of 'HTTP, HTTPS'", g.Protocol)
	}
	var err error
	if g.Port, err = c.port("Port", "Target group"); err != nil {
		return nil, err
	}
	if g.VPCID == "" {
		return nil, invalid("A VPC ID must be specified")
	}
	if vpcs.get(c.region, g.VPCID) == nil {
		return nil, invalid("The VPC ID '%s' is not found", g.VPCID)
	}
	g.healthCheck = defaultHealthCheck(g.Protocol)
	if err := g.healthCheck.read(c.Params); err != nil {
		return nil, err
	}
	g.Tags, err = g.Tags.with(c.Params)
	return g, err
}

// port is a parameter that names a TCP port.
func (c *call) port(parameter, kind string) (int, error) {
	if !c.Has(parameter) {
		return 0, invalid("A port must be specified")
	}
	n, err := c.Num(parameter, 0)
	if err != nil || n < 1 || n > 65535 {
		return 0, invalid("%s port '%s' must be in the range 1-65535", kind, c.Str(parameter))
	}
	return n, nil
}

// same says whether a call for a target group of the same name asks for what is there.
func (g *targetGroup) same(other *targetGroup) bool {
	return g.Protocol == other.Protocol && g.ProtocolVersion == other.ProtocolVersion && g.Port == other.Port &&
		g.VPCID == other.VPCID && g.Type == other.Type && g.healthCheck == other.healthCheck && g.Tags.equal(other.Tags)
}

func describeTargetGroups(c *call) (any, error) {
	arns, names, balancer := c.List("TargetGroupArns"), c.List("Names"), c.Str("LoadBalancerArn")
	found, err := elbSelect(targetGroups.seen(c.region), arns, names, func(g *targetGroup) string { return g.Name },
		func(string) *Error { return noTargetGroup() })
	if err != nil {
		return nil, err
	}
	if balancer != "" {
		if _, err := c.loadBalancer(); err != nil {
			return nil, err
		}
		found = targetGroups.where(c.region, func(g *targetGroup) bool { return g.usedBy(balancer) })
	}
	page, next, err := elbPage(c, found)
	return targetGroupList{page, next}, err
}

func modifyTargetGroup(c *call) (any, error) {
	g, err := c.targetGroup()
	if err != nil {
		return nil, err
	}
	changed := g.healthCheck
	if err := changed.read(c.Params); err != nil {
		return nil, err
	}
	g.healthCheck = changed
	c.region.touch()
	return targetGroupList{Groups: []*targetGroup{g}}, nil
}

// deleteTargetGroup refuses one that a listener uses. Targets are no hindrance.
func deleteTargetGroup(c *call) (any, error) {
	g, err := c.targetGroup()
	if err != nil {
		return nil, err
	}
	if len(g.LoadBalancers) > 0 {
		return nil, fail("ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", g.ARN)
	}
	targetGroups.drop(c.region, g.ARN)
	return nil, nil
}

func describeTargetGroupAttributes(c *call) (any, error) {
	g, err := c.targetGroup()
	if err != nil {
		return nil, err
	}
	return attributeList{targetGroupDefaults.all(g.Attributes)}, nil
}

func modifyTargetGroupAttributes(c *call) (any, error) {
	g, err := c.targetGroup()
	if err != nil {
		return nil, err
	}
	if err := targetGroupDefaults.change(c, "Target group", g.Attributes); err != nil {
		return nil, err
	}
	return attributeList{targetGroupDefaults.all(g.Attributes)}, nil
}
