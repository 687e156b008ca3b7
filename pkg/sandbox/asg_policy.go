package sandbox

import (
	"slices"
	"strconv"
)

// scalingPolicy is kept and answered. The sandbox has no load, so that no policy ever acts.
type scalingPolicy struct {
	Name     string          `wire:"PolicyName"`
	ARN      string          `wire:"PolicyARN"`
	Type     string          `wire:"PolicyType"`
	Enabled  bool            `wire:"Enabled"`
	Warmup   *int            `wire:"EstimatedInstanceWarmup"`
	Tracking *targetTracking `wire:"TargetTrackingConfiguration"`
}

type targetTracking struct {
	Metric         predefinedMetric `wire:"PredefinedMetricSpecification"`
	Target         float64          `wire:"TargetValue"`
	DisableScaleIn bool             `wire:"DisableScaleIn"`
}

type predefinedMetric struct {
	Type  string `wire:"PredefinedMetricType"`
	Label string `wire:"ResourceLabel"`
}

type scalingPolicyView struct {
	Group string `wire:"AutoScalingGroupName"`
	*scalingPolicy
}

var predefinedMetrics = words(`ASGAverageCPUUtilization ASGAverageNetworkIn ASGAverageNetworkOut
	ALBRequestCountPerTarget`)

func scalingPolicyOperations(reg *registry) {
	reg.asg("PutScalingPolicy", mutates, putScalingPolicy)
	reg.asg("DescribePolicies", reads, describePolicies)
	reg.asg("DeletePolicy", mutates, deletePolicy)
}

// putScalingPolicy makes a policy, or replaces the one of that name.
func putScalingPolicy(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	p, err := readPolicy(c)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(g.Policies, func(have *scalingPolicy) bool { return have.Name == p.Name })
	if i >= 0 {
		p.ARN, g.Policies[i] = g.Policies[i].ARN, p
	} else {
		p.ARN = "arn:aws:autoscaling:" + c.region.name + ":" + c.account.id + ":scalingPolicy:" + c.region.uuid() +
			":autoScalingGroupName/" + g.Name + ":policyName/" + p.Name
		g.Policies = append(g.Policies, p)
	}
	c.region.touch()
	return struct {
		ARN string `wire:"PolicyARN"`
	}{p.ARN}, nil
}

func readPolicy(c *call) (*scalingPolicy, error) {
	p := &scalingPolicy{
		Name: c.Str("PolicyName"), Type: c.Str("PolicyType"), Enabled: !c.Has("Enabled") || c.Flag("Enabled"),
	}
	if p.Name == "" {
		return nil, invalid("A policy name must be specified")
	}
	if p.Type != "TargetTrackingScaling" {
		return nil, fail("UnsupportedOperation", "The sandbox does not implement policies of type '%s'", p.Type)
	}
	var err error
	if p.Warmup, err = c.OptionalNum("EstimatedInstanceWarmup"); err != nil {
		return nil, invalid("EstimatedInstanceWarmup must be a number")
	}
	at := c.In("TargetTrackingConfiguration")
	metric := at.In("PredefinedMetricSpecification")
	p.Tracking = &targetTracking{
		Metric:         predefinedMetric{metric.Str("PredefinedMetricType"), metric.Str("ResourceLabel")},
		DisableScaleIn: at.Flag("DisableScaleIn"),
	}
	if !predefinedMetrics[p.Tracking.Metric.Type] {
		return nil, invalid("Predefined metric type '%s' is not valid", p.Tracking.Metric.Type)
	}
	if p.Tracking.Target, err = strconv.ParseFloat(at.Str("TargetValue"), 64); err != nil || p.Tracking.Target <= 0 {
		return nil, invalid("Target value '%s' is not valid", at.Str("TargetValue"))
	}
	return p, nil
}

func describePolicies(c *call) (any, error) {
	names, group := c.List("PolicyNames"), c.Str("AutoScalingGroupName")
	var views []scalingPolicyView
	for g := range scalingGroups.all(c.region) {
		for _, p := range g.Policies {
			wanted := len(names) == 0 || slices.Contains(names, p.Name) || slices.Contains(names, p.ARN)
			if wanted && (group == "" || g.Name == group) {
				views = append(views, scalingPolicyView{g.Name, p})
			}
		}
	}
	page, next, err := scalingPage(c, views)
	return struct {
		Policies  []scalingPolicyView `wire:"ScalingPolicies>member"`
		NextToken string              `wire:"NextToken"`
	}{page, next}, err
}

func deletePolicy(c *call) (any, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, err
	}
	name := c.Str("PolicyName")
	i := slices.IndexFunc(g.Policies, func(p *scalingPolicy) bool { return p.Name == name || p.ARN == name })
	if i < 0 {
		return nil, invalid("Policy not found - Policy '%s' not found", name)
	}
	g.Policies = slices.Delete(slices.Clone(g.Policies), i, i+1)
	c.region.touch()
	return nil, nil
}
