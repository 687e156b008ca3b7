package sandbox

import (
	"fmt"
	"slices"
)

func ruleArea(reg *registry) {
	reg.ec2("AuthorizeSecurityGroupIngress", mutates, func(c *call) (any, error) { return authorize(c, false) })
	reg.ec2("AuthorizeSecurityGroupEgress", mutates, func(c *call) (any, error) { return authorize(c, true) })
	reg.ec2("RevokeSecurityGroupIngress", mutates, func(c *call) (any, error) { return revoke(c, false) })
	reg.ec2("RevokeSecurityGroupEgress", mutates, func(c *call) (any, error) { return revoke(c, true) })
	reg.ec2("UpdateSecurityGroupRuleDescriptionsIngress", mutates, func(c *call) (any, error) {
		return updateDescriptions(c, false)
	})
	reg.ec2("UpdateSecurityGroupRuleDescriptionsEgress", mutates, func(c *call) (any, error) {
		return updateDescriptions(c, true)
	})
	reg.ec2("DescribeSecurityGroupRules", reads, listRules)
}

func authorize(c *call, egress bool) (any, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	specs, err := c.ruleSpecs(egress)
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(rules.name)
	if err != nil {
		return nil, err
	}
	if err := c.mayAdd(g, specs, egress); err != nil {
		return nil, err
	}
	out := struct {
		Return bool         `wire:"return"`
		Rules  []*groupRule `wire:"securityGroupRuleSet>item"`
	}{Return: true}
	for _, s := range specs {
		rule := c.region.newRule(g, s)
		rule.tagSet = tagSet{slices.Clone(tags.Tags)}
		out.Rules = append(out.Rules, rule)
	}
	return out, nil
}

// mayAdd refuses rules that are there, or are asked for twice, or are too many. None is added then.
func (c *call) mayAdd(g *securityGroup, specs []ruleSpec, egress bool) error {
	if len(specs) == 0 {
		return missing("ipPermissions")
	}
	asked := map[ruleSpec]bool{}
	for _, s := range specs {
		if c.region.rule(g, s) != nil {
			return fail("InvalidPermission.Duplicate", `the specified rule "%s" already exists`, s)
		}
		s.Description = ""
		if asked[s] {
			return fail("InvalidParameterValue", "The same permission must not appear multiple times")
		}
		asked[s] = true
	}
	have := rules.where(c.region, func(r *groupRule) bool { return r.GroupID == g.ID && r.IsEgress == egress })
	if len(have)+len(specs) > c.region.quota(QuotaRules) {
		return fail("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
	}
	return nil
}

func revoke(c *call, egress bool) (any, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	found, err := c.namedRules(g, egress)
	if err != nil {
		return nil, err
	}
	for _, rule := range found {
		rules.drop(c.region, rule.ID)
	}
	return struct {
		Return bool `wire:"return"`
	}{true}, nil
}

// namedRules are the rules of a group that a call means, by their IDs or by what they say.
func (c *call) namedRules(g *securityGroup, egress bool) ([]*groupRule, error) {
	var out []*groupRule
	for _, id := range c.List("SecurityGroupRuleId") {
		rule := rules.get(c.region, id)
		if rule == nil || rule.GroupID != g.ID || rule.IsEgress != egress {
			return nil, noRule(id)
		}
		out = append(out, rule)
	}
	specs, err := c.ruleSpecs(egress)
	if err != nil {
		return nil, err
	}
	for _, s := range specs {
		rule := c.region.rule(g, s)
		if rule == nil {
			return nil, fail("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
		}
		out = append(out, rule)
	}
	if len(out) == 0 {
		return nil, missing("ipPermissions")
	}
	return out, nil
}

func updateDescriptions(c *call, egress bool) (any, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for item := range c.Items("SecurityGroupRuleDescription") {
		id := item.Str("SecurityGroupRuleId")
		if rule := rules.get(c.region, id); rule == nil || rule.GroupID != g.ID || rule.IsEgress != egress {
			return nil, noRule(id)
		}
		texts[id] = item.Str("Description")
	}
	specs, err := c.ruleSpecs(egress)
	if err != nil {
		return nil, err
	}
	for _, s := range specs {
		rule := c.region.rule(g, s)
		if rule == nil {
			return nil, fail("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
		}
		texts[rule.ID] = s.Description
	}
	for id, text := range texts {
		rules.get(c.region, id).Description = text
	}
	return nil, nil
}

func listRules(c *call) (any, error) {
	found, next, err := ruleListing.describe(c)
	return struct {
		Rules []*groupRule `wire:"securityGroupRuleSet>item"`
		page
	}{found, next}, err
}

// permission is how DescribeSecurityGroups puts the rules of one protocol and port range together.
type permission struct {
	Protocol    string           `wire:"ipProtocol"`
	FromPort    *int             `wire:"fromPort"`
	ToPort      *int             `wire:"toPort"`
	Ranges      []permissionV4   `wire:"ipRanges>item"`
	V6Ranges    []permissionV6   `wire:"ipv6Ranges>item"`
	PrefixLists []permissionList `wire:"prefixListIds>item"`
	Groups      []permissionPeer `wire:"groups>item"`
}

type permissionV4 struct {
	CIDR        string `wire:"cidrIp"`
	Description string `wire:"description"`
}

type permissionV6 struct {
	CIDR        string `wire:"cidrIpv6"`
	Description string `wire:"description"`
}

type permissionList struct {
	ID          string `wire:"prefixListId"`
	Description string `wire:"description"`
}

type permissionPeer struct {
	GroupID     string `wire:"groupId"`
	UserID      string `wire:"userId"`
	Description string `wire:"description"`
}

func (p permission) cidrs() []string {
	var out []string
	for _, r := range p.Ranges {
		out = append(out, r.CIDR)
	}
	return out
}

func (p permission) groups() []string {
	var out []string
	for _, g := range p.Groups {
		out = append(out, g.GroupID)
	}
	return out
}

// permissions are the rules of a group in one direction.
func (r *region) permissions(groupID string, egress bool) []permission {
	var out []permission
	at := map[string]int{}
	for rule := range rules.all(r) {
		if rule.GroupID != groupID || rule.IsEgress != egress {
			continue
		}
		key := fmt.Sprint(rule.Protocol, " ", rule.FromPort, " ", rule.ToPort)
		if _, known := at[key]; !known {
			at[key] = len(out)
			p := permission{Protocol: rule.Protocol}
			if rule.Protocol != anyProtocol {
				p.FromPort, p.ToPort = &rule.FromPort, &rule.ToPort
			}
			out = append(out, p)
		}
		out[at[key]].add(rule)
	}
	return out
}

func (p *permission) add(r *groupRule) {
	switch {
	case r.CIDR != "":
		p.Ranges = append(p.Ranges, permissionV4{r.CIDR, r.Description})
	case r.IPv6CIDR != "":
		p.V6Ranges = append(p.V6Ranges, permissionV6{r.IPv6CIDR, r.Description})
	case r.PrefixListID != "":
		p.PrefixLists = append(p.PrefixLists, permissionList{r.PrefixListID, r.Description})
	case r.Referenced != nil:
		p.Groups = append(p.Groups, permissionPeer{r.Referenced.GroupID, r.Referenced.UserID, r.Description})
	}
}
