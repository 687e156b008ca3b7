package sandbox

import (
	"maps"
	"path"
	"slices"
	"strings"

	"provision/pkg/sandbox/policy"
)

// demands are the decisions that a call needs. See "Actions, resources, and condition keys for AWS services".
func (c *call) demands() []demand {
	return slices.Concat(c.own(), c.behalf(), c.makesRole())
}

// own are those of the call itself, and not of what AWS does on behalf of who calls.
func (c *call) own() []demand {
	switch c.service {
	case "ec2":
		return c.demandsOfEC2()
	case "elasticloadbalancing":
		return c.demandsOfELB()
	case "autoscaling":
		return c.demandsOfScaling()
	case "iam":
		return c.demandsOfIAM()
	case "s3":
		return c.demandsOfS3()
	case "ssm":
		return c.demandsOfSSM()
	case "logs":
		return c.demandsOfLogs()
	case "kms":
		return c.demandsOfKMS()
	}
	return []demand{c.demand("*")}
}

// demand is the call's own action on a resource.
func (c *call) demand(resource string) demand {
	return demand{c.service + ":" + c.action, resource, policy.Keys{"aws:requestedregion": c.region.name}}
}

// with adds a condition key.
func (d demand) with(key, value string) demand {
	keys := policy.Keys{strings.ToLower(key): value}
	maps.Copy(keys, d.keys)
	d.keys = keys
	return d
}

// withAll adds a key that has several values; none if there are none.
func (d demand) withAll(key string, values []string) demand {
	if len(values) == 0 {
		return d
	}
	return d.with(key, strings.Join(values, policy.Several))
}

func (d demand) tagged(lead string, tags []iamTag) demand {
	for _, t := range tags {
		d = d.with(lead+"/"+t.Key, t.Value)
	}
	return d
}

const (
	resourceTag = "aws:ResourceTag"
	requestTag  = "aws:RequestTag"
)

// creations are what the calls make, as in TagSpecification.ResourceType.
var creations = map[string]string{
	"CreateVpc": "vpc", "CreateSubnet": "subnet", "CreateInternetGateway": "internet-gateway",
	"AllocateAddress": "elastic-ip", "CreateNatGateway": "natgateway", "CreateRouteTable": "route-table",
	"CreateSecurityGroup": "security-group", "CreateVpcEndpoint": "vpc-endpoint",
	"CreateLaunchTemplate": "launch-template", "CreateNetworkInterface": "network-interface",
	"CreateVolume": "volume", "CreateFlowLogs": "vpc-flow-log",
}

// demandsOfEC2 are one for each existing thing that the call names, one for what it makes, and, if that gets tags, one
// for CreateTags.
func (c *call) demandsOfEC2() []demand {
	if c.action == "RunInstances" {
		return c.runs()
	}
	var all []demand
	sent := c.tagsOfSpecifications()
	named := c.named()
	for _, id := range slices.Sorted(maps.Keys(named)) {
		all = append(all, c.demand(c.region.arn("ec2", id)).tagged(resourceTag, named[id]).tagged(requestTag, c.plainTags()))
	}
	if kind := creations[c.action]; kind != "" {
		made := c.demand(c.region.arn("ec2", kind+"/*")).tagged(requestTag, sent)
		all = append(all, made)
		if len(sent) > 0 {
			made.action = "ec2:CreateTags"
			all = append(all, made.with("ec2:CreateAction", c.action))
		}
	}
	if c.action == "CreateFlowLogs" { // see "Create a flow log that publishes to CloudWatch Logs" in the VPC user guide
		all = append(all, c.passes(path.Base(c.Str("DeliverLogsPermissionArn")), "vpc-flow-logs.amazonaws.com"))
	}
	if len(all) == 0 {
		all = append(all, c.demand("*"))
	}
	return all
}

// plainTags are those of CreateTags.
func (c *call) plainTags() (tags []iamTag) {
	for item := range c.Items("Tag") {
		tags = append(tags, iamTag{item.Str("Key"), item.Str("Value")})
	}
	return tags
}

func (c *call) tagsOfSpecifications() (tags []iamTag) {
	for spec := range c.Items("TagSpecification") {
		for item := range spec.Items("Tag") {
			tags = append(tags, iamTag{item.Str("Key"), item.Str("Value")})
		}
	}
	return tags
}

// named are the things of EC2 whose IDs the call sends outside of filters, by type/ID, with their tags.
func (c *call) named() map[string][]iamTag {
	found := map[string][]iamTag{}
	if strings.HasPrefix(c.action, "Describe") {
		return found // these take no resource
	}
	for parameter, id := range c.All() {
		if field, _, _ := strings.Cut(parameter, "."); field == "LaunchTemplateData" || field == "IpPermissions" {
			continue // what these refer to is not decided by this call
		}
		prefix, _, _ := strings.Cut(id, "-")
		kind := kindOfPrefix(prefix)
		have := c.region.tagsOf(prefix, id)
		if kind == "" || have == nil {
			continue
		}
		var tags []iamTag
		for _, t := range have.Tags {
			tags = append(tags, iamTag(t))
		}
		found[kind+"/"+id] = tags
	}
	return found
}

func kindOfPrefix(prefix string) string {
	for _, k := range kinds {
		if k.prefix != "" && k.prefix == prefix {
			return k.name
		}
	}
	return ""
}
