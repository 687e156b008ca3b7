package sandbox

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"provision/pkg/sandbox/wire"
)

// groupRule is a rule of a security group.
type groupRule struct {
	ID           string           `wire:"securityGroupRuleId"`
	ARN          string           `wire:"securityGroupRuleArn"`
	GroupID      string           `wire:"groupId"`
	OwnerID      string           `wire:"groupOwnerId"`
	IsEgress     bool             `wire:"isEgress"`
	Protocol     string           `wire:"ipProtocol"`
	FromPort     int              `wire:"fromPort"`
	ToPort       int              `wire:"toPort"`
	CIDR         string           `wire:"cidrIpv4"`
	IPv6CIDR     string           `wire:"cidrIpv6"`
	PrefixListID string           `wire:"prefixListId"`
	Referenced   *referencedGroup `wire:"referencedGroupInfo"`
	Description  string           `wire:"description"`
	tagSet
}

type referencedGroup struct {
	GroupID string `wire:"groupId"`
	UserID  string `wire:"userId"`
}

const anyProtocol = "-1"

var rules = newKind[groupRule]("security-group-rule", "sgr")

var ruleListing = listing[groupRule]{
	of: rules, ids: "SecurityGroupRuleId", unknown: noRule,
	fields: fields[groupRule]{
		"group-id":               one(func(r *groupRule) string { return r.GroupID }),
		"security-group-rule-id": one(func(r *groupRule) string { return r.ID }),
	},
}

func noRule(id string) *Error {
	return fail("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist", id)
}

// ruleSpec is one rule as a call asks for it: of the peers, one is set.
type ruleSpec struct {
	Egress                        bool
	Protocol                      string
	From, To                      int
	CIDR, IPv6CIDR, List, GroupID string
	Description                   string
}

func (r *region) newRule(g *securityGroup, s ruleSpec) *groupRule {
	rule := &groupRule{
		ID: r.newID("sgr"), GroupID: g.ID, OwnerID: r.account.id, IsEgress: s.Egress, Protocol: s.Protocol,
		FromPort: s.From, ToPort: s.To, CIDR: s.CIDR, IPv6CIDR: s.IPv6CIDR, PrefixListID: s.List, Description: s.Description,
	}
	rule.ARN = r.arn("ec2", "security-group-rule/"+rule.ID)
	if s.GroupID != "" {
		rule.Referenced = &referencedGroup{s.GroupID, r.account.id}
	}
	rules.put(r, rule.ID, rule)
	return rule
}

// rule is the one of a group that lets the same through, whatever its description.
func (r *region) rule(g *securityGroup, s ruleSpec) *groupRule {
	for rule := range rules.all(r) {
		referenced := ""
		if rule.Referenced != nil {
			referenced = rule.Referenced.GroupID
		}
		have := ruleSpec{
			rule.IsEgress, rule.Protocol, rule.FromPort, rule.ToPort, rule.CIDR, rule.IPv6CIDR, rule.PrefixListID, referenced,
			s.Description,
		}
		if rule.GroupID == g.ID && have == s {
			return rule
		}
	}
	return nil
}

// peer is how error messages write a rule.
func (s ruleSpec) String() string {
	peer := s.CIDR + s.IPv6CIDR + s.List + s.GroupID
	if s.Protocol == anyProtocol {
		return fmt.Sprintf("peer: %s, ALL, ALLOW", peer)
	}
	return fmt.Sprintf("peer: %s, %s, from port: %d, to port: %d, ALLOW", peer, strings.ToUpper(s.Protocol), s.From, s.To)
}

// ruleSpecs reads the rules of a call, in either of the two forms that the API takes.
func (c *call) ruleSpecs(egress bool) ([]ruleSpec, error) {
	var out []ruleSpec
	for item := range c.Items("IpPermissions") {
		more, err := c.permissionSpecs(item, egress)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if len(out) > 0 || !c.Has("IpProtocol") {
		return out, nil
	}
	s, err := portSpec(c.Params, egress)
	if err != nil {
		return nil, err
	}
	if s.CIDR, err = cidrOf(c.Str("CidrIp"), true); err != nil {
		return nil, err
	}
	return []ruleSpec{s}, nil
}

// permissionSpecs are the rules of one IpPermission, one for each peer.
func (c *call) permissionSpecs(p wire.Params, egress bool) ([]ruleSpec, error) {
	base, err := portSpec(p, egress)
	if err != nil {
		return nil, err
	}
	var out []ruleSpec
	add := func(item wire.Params, set func(*ruleSpec) error) error {
		s := base
		s.Description = item.Str("Description")
		out = append(out, s)
		return set(&out[len(out)-1])
	}
	for item := range p.Items("IpRanges") {
		err := add(item, func(s *ruleSpec) (err error) { s.CIDR, err = cidrOf(item.Str("CidrIp"), true); return })
		if err != nil {
			return nil, err
		}
	}
	for item := range p.Items("Ipv6Ranges") {
		err := add(item, func(s *ruleSpec) (err error) { s.IPv6CIDR, err = cidrOf(item.Str("CidrIpv6"), false); return })
		if err != nil {
			return nil, err
		}
	}
	for item := range p.Items("PrefixListIds") {
		err := add(item, func(s *ruleSpec) (err error) { s.List, err = c.prefixListOf(item.Str("PrefixListId")); return })
		if err != nil {
			return nil, err
		}
	}
	for item := range p.Items("Groups") {
		if owner := item.Str("UserId"); owner != "" && owner != c.account.id {
			return nil, notImplemented("The sandbox does not implement rules that refer to a group of another account (%s)", owner)
		}
		err := add(item, func(s *ruleSpec) (err error) { s.GroupID, err = c.peerGroup(item.Str("GroupId")); return })
		if err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, missing("ipPermissions.ipRanges, groups or prefixListIds")
	}
	return out, nil
}

// protocols that have a name; all may be given by number.
var protocolNames = map[string]string{"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}

func portSpec(p wire.Params, egress bool) (ruleSpec, error) {
	s := ruleSpec{Egress: egress, Protocol: strings.ToLower(p.Str("IpProtocol")), From: -1, To: -1}
	if s.Protocol == "all" {
		s.Protocol = anyProtocol
	}
	if name, ok := protocolNames[s.Protocol]; ok {
		s.Protocol = name
	}
	p.Ignore("FromPort", "ToPort") // by protocols without ports: see "IpPermission", IpProtocol
	switch s.Protocol {
	case "":
		return s, missing(p.Prefix() + "IpProtocol")
	case anyProtocol:
		return s, nil
	case "tcp", "udp", "icmp", "icmpv6":
	default:
		if n, err := strconv.Atoi(s.Protocol); err != nil || n < 0 || n > 255 {
			return s, fail("InvalidPermission.Malformed",
				`Unsupported IP protocol "%s" - supported: [tcp, udp, icmp, icmpv6]`, s.Protocol)
		}
		return s, nil
	}
	var err error
	if s.From, err = p.Num("FromPort", -1); err != nil {
		return s, err
	}
	if s.To, err = p.Num("ToPort", -1); err != nil {
		return s, err
	}
	ports := s.Protocol == "tcp" || s.Protocol == "udp"
	if ports && (s.From < 0 || s.To > 65535 || s.From > s.To) {
		return s, fail("InvalidParameterValue",
			"Invalid value for portRange. Must specify both from and to ports with %s.", strings.ToUpper(s.Protocol))
	}
	return s, nil
}

// cidrOf cuts the host's bits off: see "IpRange", "Amazon Web Services canonicalizes IPv4 and IPv6 CIDRs".
func cidrOf(text string, four bool) (string, error) {
	block, err := netip.ParsePrefix(text)
	if err != nil || block.Addr().Is4() != four {
		return "", fail("InvalidParameterValue", "CIDR block %s is malformed", text)
	}
	return block.Masked().String(), nil
}

// peerGroup is a group that a rule refers to.
func (c *call) peerGroup(id string) (string, error) {
	peer := groups.get(c.region, id)
	if peer == nil {
		return "", noGroup(id)
	}
	if own := groups.get(c.region, c.Str("GroupId")); own != nil && own.VPCID != peer.VPCID {
		return "", fail("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
	}
	return id, nil
}
