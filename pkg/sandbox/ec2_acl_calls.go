package sandbox

// createACL creates an ACL in addition to the VPC's default one: it denies everything until it has rules, and holds the VPC.
func createACL(c *call) (any, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(acls.name)
	if err != nil {
		return nil, err
	}
	a := &networkACL{ID: c.region.newID("acl"), VPCID: v.ID, OwnerID: c.account.id, tagSet: tags}
	for _, egress := range []bool{true, false} {
		a.Entries = append(a.Entries, aclEntry{32767, anyProtocol, "deny", egress, "0.0.0.0/0"})
	}
	acls.put(c.region, a.ID, a)
	return struct {
		ACL *networkACL `wire:"networkAcl"`
	}{a}, nil
}

func (c *call) acl() (*networkACL, error) {
	id, err := c.Need("NetworkAclId")
	if err != nil {
		return nil, err
	}
	if a := acls.get(c.region, id); a != nil {
		return a, nil
	}
	return nil, aclListing.unknown(id)
}

func deleteACL(c *call) (any, error) {
	a, err := c.acl()
	if err != nil {
		return nil, err
	}
	if a.IsDefault {
		return nil, fail("InvalidParameterValue", "The default network ACL %s can't be deleted", a.ID)
	}
	if subnets.any(c.region, func(s *subnet) bool { return s.ACLID == a.ID }) {
		return nil, held("networkAcl", a.ID)
	}
	acls.drop(c.region, a.ID)
	return nil, nil
}

// createACLEntry adds a rule; a number is given once in each direction.
func createACLEntry(c *call) (any, error) {
	a, err := c.acl()
	if err != nil {
		return nil, err
	}
	number, err := c.Num("RuleNumber", 0)
	if err != nil {
		return nil, err
	}
	entry := aclEntry{number, c.Str("Protocol"), c.Str("RuleAction"), c.Flag("Egress"), c.Str("CidrBlock")}
	switch {
	case number < 1 || number > 32766:
		return nil, badValue("ruleNumber", c.Str("RuleNumber"))
	case entry.Action != "allow" && entry.Action != "deny":
		return nil, badValue("ruleAction", entry.Action)
	case a.entry(number, entry.Egress) >= 0:
		return nil, fail("NetworkAclEntryAlreadyExists", "The network acl entry identified by %d already exists.", number)
	}
	a.Entries = append(a.Entries, entry)
	return nil, nil
}

func deleteACLEntry(c *call) (any, error) {
	a, err := c.acl()
	if err != nil {
		return nil, err
	}
	number, err := c.Num("RuleNumber", 0)
	if err != nil {
		return nil, err
	}
	at := a.entry(number, c.Flag("Egress"))
	if at < 0 {
		return nil, fail("InvalidNetworkAclEntry.NotFound", "The network acl entry identified by %d does not exist", number)
	}
	a.Entries = append(a.Entries[:at:at], a.Entries[at+1:]...)
	return nil, nil
}

// entry is where a rule is among the list's, or -1.
func (a *networkACL) entry(number int, egress bool) int {
	for i, e := range a.Entries {
		if e.Number == number && e.Egress == egress {
			return i
		}
	}
	return -1
}

// replaceACLAssociation puts a subnet under another list.
func replaceACLAssociation(c *call) (any, error) {
	a, err := c.acl()
	if err != nil {
		return nil, err
	}
	id, err := c.Need("AssociationId")
	if err != nil {
		return nil, err
	}
	for s := range subnets.all(c.region) {
		if aclAssociationID(s) == id && s.VPCID == a.VPCID {
			s.ACLID = a.ID
			return struct {
				ID string `wire:"newAssociationId"`
			}{id}, nil
		}
	}
	return nil, fail("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", id)
}

func aclAssociationID(s *subnet) string { return "aclassoc" + s.ID[len("subnet"):] }
