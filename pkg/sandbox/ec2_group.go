package sandbox

import (
	"slices"
	"strings"
)

type securityGroup struct {
	ID          string       `wire:"groupId"`
	ARN         string       `wire:"securityGroupArn"`
	Name        string       `wire:"groupName"`
	Description string       `wire:"groupDescription"`
	VPCID       string       `wire:"vpcId"`
	OwnerID     string       `wire:"ownerId"`
	Ingress     []permission `wire:"ipPermissions>item" json:"-"` // made from the rules for each answer
	Egress      []permission `wire:"ipPermissionsEgress>item" json:"-"`
	tagSet
}

const defaultGroupName = "default"

var groups = newKind[securityGroup]("security-group", "sg")

var groupListing = listing[securityGroup]{
	of: groups, ids: "GroupId", unknown: noGroup,
	fields: fields[securityGroup]{
		"group-id":    one(func(g *securityGroup) string { return g.ID }),
		"group-name":  one(func(g *securityGroup) string { return g.Name }),
		"description": one(func(g *securityGroup) string { return g.Description }),
		"vpc-id":      one(func(g *securityGroup) string { return g.VPCID }),
		"owner-id":    one(func(g *securityGroup) string { return g.OwnerID }),
		"ip-permission.cidr": func(g *securityGroup) []string {
			return peersOf(g.Ingress, func(p permission) []string { return p.cidrs() })
		},
		"ip-permission.group-id": func(g *securityGroup) []string {
			return peersOf(g.Ingress, func(p permission) []string { return p.groups() })
		},
		"egress.ip-permission.cidr": func(g *securityGroup) []string {
			return peersOf(g.Egress, func(p permission) []string { return p.cidrs() })
		},
		"egress.ip-permission.group-id": func(g *securityGroup) []string {
			return peersOf(g.Egress, func(p permission) []string { return p.groups() })
		},
	},
}

func groupArea(reg *registry) {
	reg.ec2("CreateSecurityGroup", mutates, createGroup)
	reg.ec2("DescribeSecurityGroups", reads, describeGroups)
	reg.ec2("DeleteSecurityGroup", mutates, deleteGroup)
}

func peersOf(list []permission, peers func(permission) []string) []string {
	var out []string
	for _, p := range list {
		out = append(out, peers(p)...)
	}
	return out
}

func noGroup(id string) *Error {
	return fail("InvalidGroup.NotFound", "The security group '%s' does not exist", id)
}

// group is the one that the parameter GroupId names. Names alone are for the default VPC, which the sandbox lacks.
func (c *call) group() (*securityGroup, error) {
	id := c.Str("GroupId")
	if id == "" && c.Has("GroupName") {
		return nil, fail("VPCIdNotSpecified", "No default VPC for this user")
	}
	if id == "" {
		return nil, missing("GroupId")
	}
	if g := groups.get(c.region, id); g != nil {
		return g, nil
	}
	return nil, noGroup(id)
}

// groupsOrDefault are the groups that a list parameter names, or else the VPC's default one. All are of the VPC.
func (c *call) groupsOrDefault(parameter, vpcID string) ([]string, error) {
	ids := c.List(parameter)
	for _, id := range ids {
		g := groups.get(c.region, id)
		if g == nil {
			return nil, noGroup(id)
		}
		if g.VPCID != vpcID {
			return nil, fail("InvalidParameter", "Security group %s and subnet belong to different networks.", id)
		}
	}
	if len(ids) == 0 {
		ids = []string{c.region.defaultGroup(vpcID).ID}
	}
	return ids, nil
}

// defaultGroup is the one that came with the VPC.
func (r *region) defaultGroup(vpcID string) *securityGroup {
	return groups.where(r, func(g *securityGroup) bool { return g.VPCID == vpcID && g.Name == defaultGroupName })[0]
}

// newGroup creates a group that lets everything out, as new ones do.
func (r *region) newGroup(vpcID, name, description string, tags tagSet) *securityGroup {
	g := &securityGroup{
		ID: r.newID("sg"), Name: name, Description: description, VPCID: vpcID, OwnerID: r.account.id, tagSet: tags,
	}
	g.ARN = r.arn("ec2", "security-group/"+g.ID)
	groups.put(r, g.ID, g)
	r.newRule(g, ruleSpec{Egress: true, Protocol: anyProtocol, From: -1, To: -1, CIDR: "0.0.0.0/0"})
	return g
}

// newDefaultGroup creates the group that comes with a VPC: its members reach each other.
func (r *region) newDefaultGroup(vpcID string) {
	g := r.newGroup(vpcID, defaultGroupName, "default VPC security group", tagSet{})
	r.newRule(g, ruleSpec{Protocol: anyProtocol, From: -1, To: -1, GroupID: g.ID})
}

// dropGroup takes a group away with its rules.
func (r *region) dropGroup(id string) {
	for rule := range rules.all(r) {
		if rule.GroupID == id {
			rules.drop(r, rule.ID)
		}
	}
	groups.drop(r, id)
}

func createGroup(c *call) (any, error) {
	name, err := c.Need("GroupName")
	if err != nil {
		return nil, err
	}
	description, err := c.Need("GroupDescription")
	if err != nil {
		return nil, err
	}
	if c.Str("VpcId") == "" {
		return nil, fail("VPCIdNotSpecified", "No default VPC for this user")
	}
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	if err := checkGroup(name, description); err != nil {
		return nil, err
	}
	tags, err := c.newTags(groups.name)
	if err != nil {
		return nil, err
	}
	if groups.any(c.region, func(g *securityGroup) bool { return g.VPCID == v.ID && g.Name == name }) {
		return nil, fail("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, v.ID)
	}
	if groups.count(c.region) >= c.region.quota(QuotaGroups) {
		return nil, fail("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")
	}
	g := c.region.newGroup(v.ID, name, description, tags)
	return struct {
		ID  string `wire:"groupId"`
		ARN string `wire:"securityGroupArn"`
		tagSet
	}{g.ID, g.ARN, g.tagSet}, nil
}

// groupText are the characters of names and descriptions besides letters and digits.
const groupText = " ._-:/()#,@[]+=&;{}!$*"

func checkGroup(name, description string) error {
	for parameter, text := range map[string]string{"groupName": name, "groupDescription": description} {
		odd := strings.ContainsFunc(text, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(groupText, r))
		})
		if odd || len(text) > 255 {
			return fail("InvalidParameterValue", "Value (%s) for parameter %s is invalid. "+
				"Character sets beyond ASCII are not supported.", text, parameter)
		}
	}
	switch {
	case name == defaultGroupName:
		return fail("InvalidParameterValue", "Cannot use reserved security group name: %s", name)
	case strings.HasPrefix(name, "sg-"):
		return fail("InvalidParameterValue", "Value (%s) for parameter GroupName is invalid. "+
			"Group names may not be in the format sg-*.", name)
	default:
		return nil
	}
}

func describeGroups(c *call) (any, error) {
	for g := range groups.all(c.region) {
		g.Ingress, g.Egress = c.region.permissions(g.ID, false), c.region.permissions(g.ID, true)
	}
	found, next, err := groupListing.describe(c)
	if err != nil {
		return nil, err
	}
	if names := c.List("GroupName"); len(names) > 0 {
		found = slices.DeleteFunc(found, func(g *securityGroup) bool { return !slices.Contains(names, g.Name) })
	}
	return struct {
		Groups []*securityGroup `wire:"securityGroupInfo>item"`
		page
	}{found, next}, nil
}

func deleteGroup(c *call) (any, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	if g.Name == defaultGroupName {
		return nil, fail("CannotDelete", `the specified group: "%s" name: "default" cannot be deleted by a user`, g.ID)
	}
	used := enis.any(c.region, func(e *eni) bool { return e.has(g.ID) })
	named := rules.any(c.region, func(r *groupRule) bool {
		return r.GroupID != g.ID && r.Referenced != nil && r.Referenced.GroupID == g.ID
	})
	if used || named {
		return nil, fail("DependencyViolation", "resource %s has a dependent object", g.ID)
	}
	c.region.dropGroup(g.ID)
	return struct {
		Return bool   `wire:"return"`
		ID     string `wire:"groupId"`
	}{true, g.ID}, nil
}
