package sandbox

import (
	"slices"
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
	return append(all, c.launches()...)
}

// launches are the demands of a group's launch template.
func (c *call) launches() []demand {
	from := c.In("LaunchTemplate")
	template, err := findTemplate(c.region, from.Str("LaunchTemplateId"), from.Str("LaunchTemplateName"))
	if err != nil || c.action != "CreateAutoScalingGroup" && c.action != "UpdateAutoScalingGroup" {
		return nil
	}
	run := c.demand("*").with("ec2:LaunchTemplate", c.region.arn("ec2", "launch-template/"+template.ID))
	run.action = "ec2:RunInstances"
	all := []demand{run}
	version, err := template.version(from.Str("Version"))
	if err != nil {
		return all
	}
	for _, of := range version.Data.Tags {
		tag := c.demand(c.region.arn("ec2", of.Type+"/*")).with("ec2:CreateAction", "RunInstances")
		tag.action = "ec2:CreateTags"
		all = append(all, tag)
	}
	if version.Data.Profile == nil {
		return all
	}
	name := version.Data.Profile.Name
	if profile := instanceProfiles.get(c.global, name); profile != nil {
		all = append(all, c.passes(profile.Role, toInstances))
	}
	return all
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
