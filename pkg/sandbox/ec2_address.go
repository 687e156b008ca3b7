package sandbox

import "slices"

// address is an elastic IP address.
type address struct {
	AllocationID       string `wire:"allocationId"`
	PublicIP           string `wire:"publicIp"`
	Domain             string `wire:"domain"`
	Pool               string `wire:"publicIpv4Pool"`
	BorderGroup        string `wire:"networkBorderGroup"`
	AssociationID      string `wire:"associationId"`
	InstanceID         string `wire:"instanceId"`
	NetworkInterfaceID string `wire:"networkInterfaceId"`
	InterfaceOwnerID   string `wire:"networkInterfaceOwnerId"`
	PrivateIP          string `wire:"privateIpAddress"`
	ServiceManaged     string `wire:"serviceManaged"` // rnat: a regional NAT gateway took it and gives it back
	tagSet
}

var addresses = newKind[address]("elastic-ip", "eipalloc")

var addressListing = listing[address]{
	of: addresses, ids: "AllocationId", unknown: noAllocation,
	fields: fields[address]{
		"allocation-id":              one(func(a *address) string { return a.AllocationID }),
		"public-ip":                  one(func(a *address) string { return a.PublicIP }),
		"association-id":             one(func(a *address) string { return a.AssociationID }),
		"domain":                     one(func(a *address) string { return a.Domain }),
		"instance-id":                one(func(a *address) string { return a.InstanceID }),
		"network-interface-id":       one(func(a *address) string { return a.NetworkInterfaceID }),
		"network-interface-owner-id": one(func(a *address) string { return a.InterfaceOwnerID }),
		"private-ip-address":         one(func(a *address) string { return a.PrivateIP }),
		"network-border-group":       one(func(a *address) string { return a.BorderGroup }),
	},
}

func addressArea(reg *registry) {
	reg.ec2("AllocateAddress", mutates, allocateAddress)
	reg.ec2("DescribeAddresses", reads, describeAddresses)
	reg.ec2("AssociateAddress", mutates, associateAddress)
	reg.ec2("DisassociateAddress", mutates, disassociateAddress)
	reg.ec2("ReleaseAddress", mutates, releaseAddress)
}

func noAllocation(id string) *Error {
	return fail("InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist", id)
}

// allocation is the address that the parameter AllocationId names.
func (c *call) allocation() (*address, error) {
	id, err := c.Need("AllocationId")
	if err != nil {
		return nil, err
	}
	if a := addresses.get(c.region, id); a != nil {
		return a, nil
	}
	return nil, noAllocation(id)
}

func allocateAddress(c *call) (any, error) {
	tags, err := c.newTags(addresses.name)
	if err != nil {
		return nil, err
	}
	if domain := c.Str("Domain"); domain != "" && domain != "vpc" {
		return nil, badValue("domain", domain)
	}
	own := addresses.where(c.region, func(a *address) bool { return a.ServiceManaged == "" })
	if len(own) >= c.region.quota(QuotaElasticIPs) {
		return nil, fail("AddressLimitExceeded", "The maximum number of addresses has been reached.")
	}
	a := c.region.newAddress(tags)
	return a, nil
}

func (r *region) newAddress(tags tagSet) *address {
	a := &address{
		AllocationID: r.newID("eipalloc"), PublicIP: r.newPublicIP(), Domain: "vpc", Pool: "amazon", BorderGroup: r.name,
		tagSet: tags,
	}
	addresses.put(r, a.AllocationID, a)
	return a
}

// associate maps the address to an interface.
func (r *region) associate(a *address, e *eni) {
	a.AssociationID, a.NetworkInterfaceID = r.newID("eipassoc"), e.ID
	a.PrivateIP, a.InterfaceOwnerID = e.PrivateIP, r.account.id
	if e.Attachment != nil {
		a.InstanceID, a.InterfaceOwnerID = e.Attachment.InstanceID, e.Attachment.InstanceOwnerID
	}
	e.Association = &eniAssociation{
		PublicIP: a.PublicIP, PublicDNSName: r.publicDNSName(a.PublicIP), OwnerID: r.account.id,
		AllocationID: a.AllocationID, AssociationID: a.AssociationID,
	}
}

func (a *address) disassociate() {
	a.AssociationID, a.NetworkInterfaceID, a.PrivateIP, a.InterfaceOwnerID, a.InstanceID = "", "", "", "", ""
}

func describeAddresses(c *call) (any, error) {
	found, _, err := addressListing.describe(c)
	if err != nil {
		return nil, err
	}
	for _, ip := range c.List("PublicIp") {
		if !slices.ContainsFunc(found, func(a *address) bool { return a.PublicIP == ip }) {
			return nil, fail("InvalidAddress.NotFound", "Address '%s' not found.", ip)
		}
	}
	if wanted := c.List("PublicIp"); len(wanted) > 0 {
		found = slices.DeleteFunc(found, func(a *address) bool { return !slices.Contains(wanted, a.PublicIP) })
	}
	return struct {
		Addresses []*address `wire:"addressesSet>item"`
	}{found}, nil
}

func associateAddress(c *call) (any, error) {
	a, err := c.allocation()
	if err != nil {
		return nil, err
	}
	e, err := c.associable()
	if err != nil {
		return nil, err
	}
	switch {
	case a.AssociationID != "" && !c.Flag("AllowReassociation"), a.ServiceManaged != "":
		return nil, fail("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s",
			a.AllocationID, a.AssociationID)
	case !c.region.hasGateway(e.VPCID):
		return nil, fail("Gateway.NotAttached", "Network %s is not attached to any internet gateway", e.VPCID)
	}
	if old := enis.get(c.region, a.NetworkInterfaceID); old != nil {
		old.Association = nil
	}
	c.region.associate(a, e)
	return struct {
		AssociationID string `wire:"associationId"`
	}{a.AssociationID}, nil
}

// associable is the interface to map an address to, named itself or by its instance.
func (c *call) associable() (*eni, error) {
	id, instance := c.Str("NetworkInterfaceId"), c.Str("InstanceId")
	for e := range enis.all(c.region) {
		if e.ID == id || instance != "" && e.Attachment != nil && e.Attachment.InstanceID == instance {
			return e, nil
		}
	}
	if instance != "" {
		return nil, fail("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", instance)
	}
	if id == "" {
		return nil, missing("NetworkInterfaceId")
	}
	return nil, noENI(id)
}

func disassociateAddress(c *call) (any, error) {
	id, err := c.Need("AssociationId")
	if err != nil {
		return nil, err
	}
	for a := range addresses.all(c.region) {
		if a.AssociationID != id {
			continue
		}
		e := enis.get(c.region, a.NetworkInterfaceID)
		if e != nil && e.RequesterManaged {
			return nil, fail("AuthFailure", "You do not have permission to access the specified resource.")
		}
		if e != nil {
			e.Association = nil
		}
		a.disassociate()
		return nil, nil
	}
	return nil, fail("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", id)
}

func releaseAddress(c *call) (any, error) {
	a, err := c.allocation()
	if err != nil {
		return nil, err
	}
	if a.AssociationID != "" || a.ServiceManaged != "" {
		return nil, fail("InvalidIPAddress.InUse", "Address %s is in use.", a.PublicIP)
	}
	addresses.drop(c.region, a.AllocationID)
	return nil, nil
}
