package sandbox

import (
	"strings"
	"time"

	"provision/pkg/sandbox/s3"
)

// News spreads slowly: for [Options.UseLag], calls that would build on it are refused, each in the words of its service.
// Tools that build networks quickly all meet this, e.g. hashicorp/terraform-provider-aws#20454 between EC2 and load
// balancing, and gardener/gardener-extension-provider-aws#1947 within EC2.

// announce starts to spread the news of something.
func (r *region) announce(what string) {
	lag := r.account.sandbox.options.UseLag
	if lag <= 0 {
		return
	}
	if r.news == nil {
		r.news = map[string]time.Time{}
	}
	r.news[what] = r.now.Add(lag)
}

// heard says whether the news has spread.
func (r *region) heard(what string) bool { return !r.news[what].After(r.now) }

// News about a resource that is known itself.
func gatewayOf(vpcID string) string   { return "internet gateway of " + vpcID }
func hostnamesOf(vpcID string) string { return "DNS hostnames of " + vpcID }

// unheard refuses a call that names something which its service has not heard of.
func (c *call) unheard() error {
	if c.sandbox.options.UseLag <= 0 {
		return nil
	}
	switch c.service {
	case "iam":
		return c.unheardByName()
	case "s3":
		return c.unheardBucket()
	}
	for _, value := range c.All() {
		for id := range strings.SplitSeq(value, ",") {
			if !c.region.heard(id) {
				return c.neverHeardOf(id)
			}
		}
	}
	return nil
}

func (c *call) unheardByName() error {
	if name := c.Str("RoleName"); roles.get(c.global, name) != nil && !c.global.heard(name) {
		return noEntity("The role with name %s cannot be found.", name)
	}
	name := c.Str("InstanceProfileName")
	if instanceProfiles.get(c.global, name) != nil && !c.global.heard(name) {
		return noEntity("Instance Profile %s cannot be found.", name)
	}
	return nil
}

// unheardBucket lets a bucket be found, but not set up.
func (c *call) unheardBucket() error {
	name, key := s3.Target(c.http)
	found := key != "" || c.action == "HeadBucket" || c.action == "CreateBucket"
	if !found && s3Buckets.get(c.global, name) != nil && !c.global.heard(name) {
		return s3.NoBucket()
	}
	return nil
}

// neverHeardOf is how the call's service says that it does not know an ID or ARN.
func (c *call) neverHeardOf(id string) error {
	prefix, _, _ := strings.Cut(id, "-")
	arn := strings.HasPrefix(id, "arn:")
	switch {
	case c.service == "autoscaling" && arn:
		return invalid("Provided Target Groups may not be valid. Please ensure they exist and try again.")
	case c.service == "autoscaling" && prefix == "subnet":
		return invalid("The subnet ID '%s' does not exist", id)
	case c.service == "autoscaling":
		return malformed(noTemplateID(id))
	case arn && strings.Contains(id, ":targetgroup/"):
		return noTargetGroup()
	case arn && strings.Contains(id, ":listener/"):
		return noListener()
	case arn:
		return noLoadBalancer(id)
	case c.service == "elasticloadbalancing" && prefix == "vpc":
		return invalid("The VPC ID '%s' is not found", id)
	case c.service == "elasticloadbalancing" && prefix == "subnet":
		return fail("SubnetNotFound", "The subnet ID '%s' does not exist", id)
	case c.service == "elasticloadbalancing":
		return fail("InvalidSecurityGroup", "The security group '%s' does not exist", id)
	default:
		return fail(notThere[prefix], "The ID '%s' does not exist", id)
	}
}
