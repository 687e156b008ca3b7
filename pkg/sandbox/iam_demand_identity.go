package sandbox

import (
	"slices"
	"strings"
)

// bounding are the calls whose decisions know the boundary: the one that is sent, or else that of the role. Of other calls
// the key is not there, such as of UpdateAssumeRolePolicy. See "Actions, resources, and condition keys for AWS Identity and
// Access Management".
var bounding = []string{
	"AttachRolePolicy", "CreateRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy", "DetachRolePolicy",
	"PutRolePermissionsBoundary", "PutRolePolicy",
}

// demandsOfIAM are one for the role, the instance profile or the provider that the call names, and where it creates one with
// tags, one for setting them.
func (c *call) demandsOfIAM() []demand {
	role, profile := c.Params.Str("RoleName"), c.Params.Str("InstanceProfileName")
	switch {
	case profile != "":
		var have iamTags
		if found := instanceProfiles.get(c.global, profile); found != nil {
			have = found.Tags
		}
		all := c.onIdentity(iamARN(c.account.id, "instance-profile", "/", profile), have, "TagInstanceProfile")
		if c.action == "AddRoleToInstanceProfile" {
			all = append(all, c.passes(role, toInstances))
		}
		return all
	case role != "":
		found := roles.get(c.global, role)
		if found == nil {
			return c.onIdentity(iamARN(c.account.id, "role", "/", role), nil, "TagRole")
		}
		return c.onIdentity(found.ARN, found.Tags, "TagRole")
	case c.Params.Str("PolicySourceArn") != "": // of a simulation
		return c.onIdentity(c.Params.Str("PolicySourceArn"), nil, "")
	case c.Params.Str("OpenIDConnectProviderArn") != "":
		return c.onIdentity(c.Params.Str("OpenIDConnectProviderArn"), nil, "")
	}
	return c.onIdentity("*", nil, "TagOpenIDConnectProvider")
}

// onIdentity are the decisions on one thing of IAM's, which has these tags.
func (c *call) onIdentity(arn string, have iamTags, tagging string) []demand {
	sent := c.memberTags()
	d := c.demand(arn).tagged(requestTag, sent).tagged(resourceTag, have)
	if policy := c.Params.Str("PolicyArn"); policy != "" {
		d = d.with("iam:PolicyARN", policy)
	}
	if boundary := c.boundary(); boundary != "" && slices.Contains(bounding, c.action) {
		d = d.with("iam:PermissionsBoundary", boundary)
	}
	all := []demand{d}
	if len(sent) > 0 && strings.HasPrefix(c.action, "Create") {
		tags := c.demand(arn).tagged(requestTag, sent)
		tags.action = "iam:" + tagging
		all = append(all, tags)
	}
	return all
}
