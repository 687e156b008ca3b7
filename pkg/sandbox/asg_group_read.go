package sandbox

import (
	"errors"
	"slices"
	"strings"

	"provision/pkg/sandbox/wire"
)

// read changes what the parameters of a create or update name.
func (g *scalingGroup) read(c *call) error {
	if err := refuseScaling(c.Params); err != nil {
		return err
	}
	var err error
	for parameter, at := range map[string]*int{
		"MinSize": &g.Min, "MaxSize": &g.Max, "DesiredCapacity": &g.Desired, "DefaultCooldown": &g.Cooldown,
		"HealthCheckGracePeriod": &g.Grace,
	} {
		if *at, err = c.Num(parameter, *at); err != nil {
			return invalid("Value '%s' at '%s' is not a number", c.Str(parameter), parameter)
		}
	}
	for parameter, at := range map[string]**int{
		"DefaultInstanceWarmup": &g.Warmup, "MaxInstanceLifetime": &g.MaxLifetime,
	} {
		if c.Has(parameter) {
			if *at, err = c.OptionalNum(parameter); err != nil {
				return invalid("Value '%s' at '%s' is not a number", c.Str(parameter), parameter)
			}
		}
	}
	for parameter, at := range map[string]*bool{
		"NewInstancesProtectedFromScaleIn": &g.Protect, "CapacityRebalance": &g.Rebalance,
	} {
		if c.Has(parameter) {
			*at = c.Flag(parameter)
		}
	}
	g.HealthCheck = orElse(c.Str("HealthCheckType"), g.HealthCheck)
	switch level := c.Str("DeletionProtection"); level {
	case "":
	case "none", "prevent-force-deletion", "prevent-all-deletion":
		g.Deletion = level
	default:
		return invalid("Value '%s' at 'deletionProtection' failed to satisfy constraint", level)
	}
	if list := c.List("TerminationPolicies"); len(list) > 0 {
		g.Termination = list
	}
	if c.Has("VPCZoneIdentifier") {
		g.Subnets = nil
		for id := range strings.SplitSeq(c.Str("VPCZoneIdentifier"), ",") {
			g.Subnets = append(g.Subnets, strings.TrimSpace(id))
		}
	}
	if err := g.readMaintenance(c.In("InstanceMaintenancePolicy")); err != nil {
		return err
	}
	return g.readTemplate(c.region, c.In("LaunchTemplate"))
}

// refuseScaling refuses the parameters that the sandbox would ignore.
func refuseScaling(p wire.Params) error {
	for _, parameter := range []string{
		"LaunchConfigurationName", "InstanceId", "MixedInstancesPolicy", "LoadBalancerNames",
		"LifecycleHookSpecificationList", "PlacementGroup", "TrafficSources",
	} {
		for key := range p.All() {
			if key == parameter || strings.HasPrefix(key, parameter+".") {
				return fail("UnsupportedOperation", "The sandbox does not implement the parameter %s of groups", key)
			}
		}
	}
	return nil
}

func (g *scalingGroup) readMaintenance(p wire.Params) error {
	if !p.Has("MinHealthyPercentage") && !p.Has("MaxHealthyPercentage") {
		return nil
	}
	least, err := p.OptionalNum("MinHealthyPercentage")
	if err != nil {
		return invalid("MinHealthyPercentage must be a number")
	}
	most, err := p.OptionalNum("MaxHealthyPercentage")
	if err != nil {
		return invalid("MaxHealthyPercentage must be a number")
	}
	g.Maintenance = &maintenancePolicy{least, most}
	return nil
}

func (g *scalingGroup) readTemplate(r *region, p wire.Params) error {
	if !p.Has("LaunchTemplateId") && !p.Has("LaunchTemplateName") {
		return nil
	}
	found, err := readTemplateReference(r, p)
	if err != nil {
		return err
	}
	g.Template = found
	return nil
}

// readTemplateReference reads which version of which template to launch from. The version stays as it was sent.
func readTemplateReference(r *region, p wire.Params) (templateReference, error) {
	t, err := findTemplate(r, p.Str("LaunchTemplateId"), p.Str("LaunchTemplateName"))
	if err != nil {
		return templateReference{}, malformed(err)
	}
	if _, err := t.heardOf(r, p.Str("Version")); err != nil {
		return templateReference{}, malformed(err)
	}
	return templateReference{t.ID, t.Name, orElse(p.Str("Version"), "$Default")}, nil
}

// malformed is how Auto Scaling reports an error of EC2's about a launch template.
func malformed(err error) error {
	var known *Error
	if !errors.As(err, &known) {
		return err
	}
	return invalid("You must use a valid fully-formed launch template. %s", known.Message)
}

// check says what is wrong with a group's new settings, apart from its template and its subnets.
func (g *scalingGroup) check() error {
	switch {
	case g.Min < 0 || g.Max < 0:
		return invalid("MinSize and MaxSize must be specified and not be negative")
	case g.Min > g.Max:
		return invalid("Min bound, %d, must be less than or equal to max bound, %d", g.Min, g.Max)
	case g.Desired < g.Min || g.Desired > g.Max:
		return invalid("Desired capacity:%d must be between the specified min size:%d and max size:%d",
			g.Desired, g.Min, g.Max)
	case g.Grace < 0:
		return invalid("HealthCheckGracePeriod must not be negative")
	case g.Template.ID == "":
		return invalid("Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or " +
			"MixedInstancesPolicy parameter.")
	case len(g.Subnets) == 0:
		return invalid("At least one Availability Zone or VPC Subnet is required.")
	}
	for part := range strings.SplitSeq(g.HealthCheck, ",") {
		if !slices.Contains([]string{"EC2", "ELB", "EBS", "VPC_LATTICE"}, part) {
			return invalid("The specified health check type %s is not valid", part)
		}
	}
	return nil
}

func (g *scalingGroup) checkTargets(r *region) error {
	for _, arn := range g.TargetGroups {
		if targetGroups.get(r, arn) == nil {
			return invalid("Provided Target Groups may not be valid. Please ensure they exist and try again.")
		}
	}
	return nil
}

// checkPlaces checks the subnets, and that instances could be launched into them.
func (g *scalingGroup) checkPlaces(r *region) error {
	for i, id := range g.Subnets {
		s := subnets.get(r, id)
		if s == nil {
			return invalid("The subnet ID '%s' does not exist", id)
		}
		if first := subnets.get(r, g.Subnets[0]); i > 0 && s.VPCID != first.VPCID {
			return invalid("All subnets of a group must be in the same VPC")
		}
	}
	_, v, err := g.template(r)
	if err != nil {
		return malformed(err)
	}
	if err := r.checkLaunch(v.Data, subnets.get(r, g.Subnets[0])); err != nil {
		return malformed(err)
	}
	return nil
}
