package sandbox

// networkACL is a VPC's default one, which comes and goes with it, or one that was created in addition.
type networkACL struct {
	ID           string           `wire:"networkAclId"`
	VPCID        string           `wire:"vpcId"`
	IsDefault    bool             `wire:"default"`
	OwnerID      string           `wire:"ownerId"`
	Entries      []aclEntry       `wire:"entrySet>item"`
	Associations []aclAssociation `wire:"associationSet>item" json:"-"` // made from the subnets for each answer
	tagSet
}

type aclEntry struct {
	Number   int    `wire:"ruleNumber"`
	Protocol string `wire:"protocol"`
	Action   string `wire:"ruleAction"`
	Egress   bool   `wire:"egress"`
	CIDR     string `wire:"cidrBlock"`
}

type aclAssociation struct {
	ID       string `wire:"networkAclAssociationId"`
	ACLID    string `wire:"networkAclId"`
	SubnetID string `wire:"subnetId"`
}

var acls = newKind[networkACL]("network-acl", "acl")

var aclListing = listing[networkACL]{
	of: acls, ids: "NetworkAclId",
	unknown: func(id string) *Error {
		return fail("InvalidNetworkAclID.NotFound", "The networkAcl ID '%s' does not exist", id)
	},
	fields: fields[networkACL]{
		"network-acl-id": one(func(a *networkACL) string { return a.ID }),
		"vpc-id":         one(func(a *networkACL) string { return a.VPCID }),
		"owner-id":       one(func(a *networkACL) string { return a.OwnerID }),
		"default":        yes(func(a *networkACL) bool { return a.IsDefault }),
		"association.subnet-id": func(a *networkACL) []string {
			var out []string
			for _, association := range a.Associations {
				out = append(out, association.SubnetID)
			}
			return out
		},
	},
}

func aclArea(reg *registry) {
	reg.ec2("DescribeNetworkAcls", reads, describeACLs)
	reg.ec2("CreateNetworkAcl", mutates|tokened, createACL)
	reg.ec2("DeleteNetworkAcl", mutates, deleteACL)
	reg.ec2("CreateNetworkAclEntry", mutates, createACLEntry)
	reg.ec2("DeleteNetworkAclEntry", mutates, deleteACLEntry)
	reg.ec2("ReplaceNetworkAclAssociation", mutates, replaceACLAssociation)
}

// newDefaultACL creates a VPC's own ACL, which lets everything through.
func (r *region) newDefaultACL(vpcID string) {
	a := &networkACL{ID: r.newID("acl"), VPCID: vpcID, IsDefault: true, OwnerID: r.account.id}
	for _, egress := range []bool{true, false} {
		a.Entries = append(a.Entries,
			aclEntry{100, anyProtocol, "allow", egress, "0.0.0.0/0"}, aclEntry{32767, anyProtocol, "deny", egress, "0.0.0.0/0"})
	}
	acls.put(r, a.ID, a)
}

func describeACLs(c *call) (any, error) {
	for a := range acls.all(c.region) {
		a.Associations = nil
		for s := range subnets.all(c.region) {
			if s.ACLID == a.ID || s.ACLID == "" && a.IsDefault && s.VPCID == a.VPCID {
				a.Associations = append(a.Associations, aclAssociation{aclAssociationID(s), a.ID, s.ID})
			}
		}
	}
	found, next, err := aclListing.describe(c)
	return struct {
		ACLs []*networkACL `wire:"networkAclSet>item"`
		page
	}{found, next}, err
}
