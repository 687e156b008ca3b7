package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// demandsOfELB are one for each existing thing that the call names by its ARN, and one for what it makes.
func (c *call) demandsOfELB() []demand {
	if strings.HasPrefix(c.action, "Describe") {
		return []demand{c.demand("*")}
	}
	sent := c.memberTags()
	var all []demand
	for _, arn := range c.elbARNs() {
		if tags, err := c.region.elbTagsOf(arn); err == nil {
			d := c.demand(arn).tagged(requestTag, sent)
			for _, t := range *tags {
				d = d.with(resourceTag+"/"+t.Key, t.Value)
			}
			all = append(all, d)
		}
	}
	name := map[string]string{
		"CreateLoadBalancer": "loadbalancer/app/", "CreateTargetGroup": "targetgroup/", "CreateListener": "listener/app/",
	}[c.action]
	if name != "" {
		made := c.demand(c.region.arn("elasticloadbalancing", name+c.Str("Name")+"/*")).tagged(requestTag, sent)
		if c.action != "CreateListener" { // which is decided by its load balancer
			all = append(all, made)
		}
		if len(sent) > 0 {
			made.action = "elasticloadbalancing:AddTags"
			all = append(all, made.with("elasticloadbalancing:CreateAction", c.action))
		}
	}
	return all
}

func (c *call) elbARNs() []string {
	arns := c.List("ResourceArns")
	for _, name := range []string{"LoadBalancerArn", "TargetGroupArn", "ListenerArn"} {
		if arn := c.Str(name); arn != "" {
			arns = append(arns, arn)
		}
	}
	return arns
}

// memberTags are a request's tags in the services whose lists have members.
func (c *call) memberTags() (tags []iamTag) {
	for item := range c.Items("Tags") {
		tags = append(tags, iamTag{item.Str("Key"), item.Str("Value")})
	}
	return tags
}

// demandsOfScaling are one for the group, and for one that launches from a template what its launches need: see
// "Launch template support" in the user guide of Auto Scaling.
func (c *call) demandsOfScaling() []demand {
	if strings.HasPrefix(c.action, "Describe") {
		return []demand{c.demand("*")}
	}
	names := []string{c.Str("AutoScalingGroupName")}
	for item := range c.Items("Tags") {
		if name := item.Str("ResourceId"); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var all []demand
	for _, name := range slices.Compact(names) {
		if name == "" {
			continue
		}
		d := c.demand(c.region.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/"+name)).
			tagged(requestTag, c.memberTags())
		if have := scalingGroups.get(c.region, name); have != nil {
			for _, t := range have.Tags {
				d = d.with(resourceTag+"/"+t.Key, t.Value)
			}
		}
		all = append(all, d)
	}
	for i := range all {
		all[i] = c.configured(all[i])
	}
	return append(all, c.launches()...)
}

// configured adds what conditions can ask of a group's configuration: see "Actions, resources, and condition keys for Amazon
// EC2 Auto Scaling". A key is there only if the request has its parameter.
func (c *call) configured(d demand) demand {
	switch c.action {
	case "CreateAutoScalingGroup", "UpdateAutoScalingGroup":
		from := c.In("LaunchTemplate")
		if from.Has("LaunchTemplateId") || from.Has("LaunchTemplateName") {
			version := from.Str("Version")
			numbered := version != "" && version != "$Latest" && version != "$Default"
			d = d.with("autoscaling:LaunchTemplateVersionSpecified", strconv.FormatBool(numbered))
		}
		d = d.withAll("autoscaling:VPCZoneIdentifiers", subnetsOf(c.Str("VPCZoneIdentifier")))
		if name := c.Str("LaunchConfigurationName"); name != "" {
			d = d.with("autoscaling:LaunchConfigurationName", name)
		}
	}
	switch c.action {
	case "CreateAutoScalingGroup", "AttachLoadBalancerTargetGroups", "DetachLoadBalancerTargetGroups":
		d = d.withAll("autoscaling:TargetGroupARNs", c.List("TargetGroupARNs"))
	}
	return d
}

// subnetsOf are the subnets that a group's request lists.
func subnetsOf(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// toInstances is the service to which instances' roles are passed.
const toInstances = "ec2.amazonaws.com"

// passes is the demand of giving a role to a service.
func (c *call) passes(name, service string) demand {
	d := c.demand(iamARN(c.account.id, "role", "/", name)).with("iam:PassedToService", service)
	d.action = "iam:PassRole"
	return d
}

// demandsOfSSM are one for each parameter. AWS's own belong to no account.
func (c *call) demandsOfSSM() []demand {
	var in struct{ Name string }
	if err := c.glance(&in); err != nil || in.Name == "" {
		return []demand{c.demand("*")}
	}
	arn := "arn:aws:ssm:" + c.region.name + ":" + c.account.id + ":parameter/" + strings.TrimPrefix(in.Name, "/")
	if strings.HasPrefix(in.Name, "/aws/service/") {
		arn = "arn:aws:ssm:" + c.region.name + "::parameter" + in.Name
	}
	return []demand{c.demand(arn)}
}

// demandsOfLogs are one for the log group. The calls about tags have its own ARN, and all others the one that ends in :*;
// DescribeLogGroups has no name. One that tags what it creates is a decision on TagResource, too.
func (c *call) demandsOfLogs() []demand {
	var in struct {
		LogGroupName, ResourceArn string
		Tags                      map[string]string
	}
	if err := c.glance(&in); err != nil {
		return []demand{c.demand("*")}
	}
	arn := c.region.arn("logs", "log-group:"+in.LogGroupName)
	if in.ResourceArn != "" {
		return []demand{c.demand(in.ResourceArn)}
	}
	all := []demand{c.demand(arn + ":log-stream:")}
	if c.action == "CreateLogGroup" && len(in.Tags) > 0 {
		tagging := c.demand(arn)
		tagging.action = "logs:TagResource"
		all = append(all, tagging)
	}
	return all
}
