package sandbox

var eniListing = listing[eni]{
	of: enis, ids: "NetworkInterfaceId", unknown: noENI,
	fields: fields[eni]{
		"network-interface-id":         one(func(e *eni) string { return e.ID }),
		"subnet-id":                    one(func(e *eni) string { return e.SubnetID }),
		"vpc-id":                       one(func(e *eni) string { return e.VPCID }),
		"availability-zone":            one(func(e *eni) string { return e.Zone }),
		"availability-zone-id":         one(func(e *eni) string { return e.ZoneID }),
		"description":                  one(func(e *eni) string { return e.Description }),
		"status":                       one(func(e *eni) string { return e.Status }),
		"owner-id":                     one(func(e *eni) string { return e.OwnerID }),
		"requester-id":                 one(func(e *eni) string { return e.RequesterID }),
		"requester-managed":            yes(func(e *eni) bool { return e.RequesterManaged }),
		"interface-type":               one(func(e *eni) string { return e.InterfaceType }),
		"private-ip-address":           one(func(e *eni) string { return e.PrivateIP }),
		"addresses.private-ip-address": one(func(e *eni) string { return e.PrivateIP }),
		"mac-address":                  one(func(e *eni) string { return e.MAC }),
		"group-id":                     ofGroups(func(g groupID) string { return g.ID }),
		"group-name":                   ofGroups(func(g groupID) string { return g.Name }),
		"attachment.attachment-id":     ofAttachment(func(a *eniAttachment) string { return a.ID }),
		"attachment.instance-id":       ofAttachment(func(a *eniAttachment) string { return a.InstanceID }),
		"attachment.instance-owner-id": ofAttachment(func(a *eniAttachment) string { return a.InstanceOwnerID }),
		"attachment.status":            ofAttachment(func(a *eniAttachment) string { return a.Status }),
		"association.public-ip":        ofAssociation(func(a *eniAssociation) string { return a.PublicIP }),
		"association.allocation-id":    ofAssociation(func(a *eniAssociation) string { return a.AllocationID }),
	},
}

func eniArea(reg *registry) {
	reg.ec2("CreateNetworkInterface", mutates|tokened, createENI)
	reg.ec2("DescribeNetworkInterfaces", reads, describeENIs)
	reg.ec2("DeleteNetworkInterface", mutates, deleteENI)
	reg.effect("eni-gone", func(r *region, id string) { r.dropENI(id) })
}

func noENI(id string) *Error {
	return fail("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '%s' does not exist", id)
}

func createENI(c *call) (any, error) {
	s, err := c.subnet("SubnetId")
	if err != nil {
		return nil, err
	}
	groups, err := c.groupsOrDefault("SecurityGroupId", s.VPCID)
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(enis.name)
	if err != nil {
		return nil, err
	}
	e, err := c.region.newENI(eniSpec{Subnet: s, Groups: groups, Description: c.Str("Description"), Tags: tags})
	if err != nil {
		return nil, err
	}
	return struct {
		ENI *eni `wire:"networkInterface"`
	}{e}, nil
}

func describeENIs(c *call) (any, error) {
	found, next, err := eniListing.describe(c)
	return struct {
		ENIs []*eni `wire:"networkInterfaceSet>item"`
		page
	}{found, next}, err
}

func deleteENI(c *call) (any, error) {
	id, err := c.Need("NetworkInterfaceId")
	if err != nil {
		return nil, err
	}
	e := enis.get(c.region, id)
	switch {
	case e == nil:
		return nil, noENI(id)
	case e.Attachment != nil:
		return nil, fail("InvalidParameterValue", "Network interface '%s' is currently in use.", id)
	}
	c.region.dropENI(id)
	return nil, nil
}

func ofGroups(value func(groupID) string) func(*eni) []string {
	return func(e *eni) []string {
		out := make([]string, len(e.Groups))
		for i, g := range e.Groups {
			out[i] = value(g)
		}
		return out
	}
}

func ofAttachment(value func(*eniAttachment) string) func(*eni) []string {
	return func(e *eni) []string {
		if e.Attachment == nil {
			return nil
		}
		return []string{value(e.Attachment)}
	}
}

func ofAssociation(value func(*eniAssociation) string) func(*eni) []string {
	return func(e *eni) []string {
		if e.Association == nil {
			return nil
		}
		return []string{value(e.Association)}
	}
}
