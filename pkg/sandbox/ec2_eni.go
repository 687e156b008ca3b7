package sandbox

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// eni is a network interface. Every resource in a subnet has one there, and AWS refuses to delete a subnet, a security
// group or a gateway that an interface needs.
type eni struct {
	ID               string          `wire:"networkInterfaceId"`
	SubnetID         string          `wire:"subnetId"`
	VPCID            string          `wire:"vpcId"`
	Zone             string          `wire:"availabilityZone"`
	ZoneID           string          `wire:"availabilityZoneId"`
	Description      string          `wire:"description,empty"`
	OwnerID          string          `wire:"ownerId"`
	RequesterID      string          `wire:"requesterId"`
	RequesterManaged bool            `wire:"requesterManaged"`
	Status           string          `wire:"status"`
	MAC              string          `wire:"macAddress"`
	PrivateIP        string          `wire:"privateIpAddress"`
	SourceDestCheck  bool            `wire:"sourceDestCheck"`
	Groups           []groupID       `wire:"groupSet>item"`
	Attachment       *eniAttachment  `wire:"attachment"`
	Association      *eniAssociation `wire:"association"`
	InterfaceType    string          `wire:"interfaceType"`
	tagSet
}

type eniAttachment struct {
	ID                  string    `wire:"attachmentId"`
	InstanceID          string    `wire:"instanceId"`
	InstanceOwnerID     string    `wire:"instanceOwnerId"`
	DeviceIndex         int       `wire:"deviceIndex"`
	Status              string    `wire:"status"`
	AttachTime          time.Time `wire:"attachTime"`
	DeleteOnTermination bool      `wire:"deleteOnTermination"`
}

// eniAssociation is the public address that an interface is reached by.
type eniAssociation struct {
	PublicIP      string `wire:"publicIp"`
	PublicDNSName string `wire:"publicDnsName"`
	OwnerID       string `wire:"ipOwnerId"`
	AllocationID  string `wire:"allocationId"`
	AssociationID string `wire:"associationId"`
}

// groupID is a security group as others refer to it.
type groupID struct {
	ID   string `wire:"groupId"`
	Name string `wire:"groupName"`
}

var enis = newKind[eni]("network-interface", "eni")

// reservedAddresses are the first four and the last one of every subnet.
const reservedAddresses = 5

// eniSpec is what a call asks of an interface.
type eniSpec struct {
	Subnet      *subnet
	Groups      []string // IDs; empty where there are none, as for NAT gateways
	Description string
	Type        string // "interface" if empty
	Requester   string // of AWS's own: amazon-elb, amazon-aws ...; users can't delete those
	InstanceID  string // what it is attached to
	Public      bool   // gets a public address of Amazon's
	Tags        tagSet
}

// newENI makes an interface in use, or one that is available if it belongs to no resource. It fails if the subnet is full.
func (r *region) newENI(spec eniSpec) (*eni, error) {
	address, ok := r.freeAddress(spec.Subnet)
	if !ok {
		return nil, fail("InsufficientFreeAddressesInSubnet",
			"The specified subnet does not have enough free addresses to satisfy the request.")
	}
	e := &eni{
		ID: r.newID("eni"), SubnetID: spec.Subnet.ID, VPCID: spec.Subnet.VPCID, Zone: spec.Subnet.Zone,
		ZoneID: spec.Subnet.ZoneID, Description: spec.Description, OwnerID: r.account.id, RequesterID: spec.Requester,
		RequesterManaged: spec.Requester != "", Status: "available", MAC: r.newMAC(), PrivateIP: address.String(),
		SourceDestCheck: true, InterfaceType: "interface", tagSet: spec.Tags,
	}
	if spec.Type != "" {
		e.InterfaceType = spec.Type
	}
	for _, id := range spec.Groups {
		if g := groups.get(r, id); g != nil {
			e.Groups = append(e.Groups, groupID{g.ID, g.Name})
		}
	}
	if spec.Requester != "" || spec.InstanceID != "" {
		r.attach(e, spec)
	}
	if spec.Public {
		address := r.newPublicIP()
		e.Association = &eniAssociation{PublicIP: address, PublicDNSName: r.publicDNSName(address), OwnerID: "amazon"}
	}
	enis.put(r, e.ID, e)
	spec.Subnet.Free--
	return e, nil
}

func (r *region) attach(e *eni, spec eniSpec) {
	e.Status = "in-use"
	e.Attachment = &eniAttachment{
		ID: r.newID("eni-attach"), InstanceID: spec.InstanceID, InstanceOwnerID: r.account.id, Status: "attached",
		AttachTime: r.now, DeleteOnTermination: spec.InstanceID != "",
	}
	if spec.Requester != "" {
		e.Attachment.InstanceOwnerID = spec.Requester
	}
}

// releaseENI takes an interface away after a while. Until then it holds its subnet, groups and VPC.
func (r *region) releaseENI(id string, after time.Duration) { r.after(after, "eni-gone", id) }

// dropENI takes an interface away at once, and its public address off it.
func (r *region) dropENI(id string) {
	e := enis.get(r, id)
	if e == nil {
		return
	}
	if s := subnets.get(r, e.SubnetID); s != nil {
		s.Free++
	}
	for address := range addresses.all(r) {
		if address.NetworkInterfaceID == id {
			address.disassociate()
		}
	}
	enis.drop(r, id)
}

// freeAddress is an address of the subnet that nothing has, drawn like AWS does instead of the next in line.
func (r *region) freeAddress(s *subnet) (netip.Addr, bool) {
	block := netip.MustParsePrefix(s.CIDR)
	size := 1<<(32-block.Bits()) - reservedAddresses
	taken := map[string]bool{}
	for e := range enis.all(r) {
		taken[e.PrivateIP] = taken[e.PrivateIP] || e.SubnetID == s.ID
	}
	base := block.Addr().As4()
	first := uint32(base[0])<<24 | uint32(base[1])<<16 | uint32(base[2])<<8 | uint32(base[3])
	start := int(r.draw("address/"+s.ID) % uint64(size))
	for i := range size {
		n := first + 4 + uint32((start+i)%size)
		address := netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
		if !taken[address.String()] {
			return address, true
		}
	}
	return netip.Addr{}, false
}

func (r *region) newMAC() string {
	n := r.draw("mac")
	return fmt.Sprintf("02:%02x:%02x:%02x:%02x:%02x", byte(n), byte(n>>8), byte(n>>16), byte(n>>24), byte(n>>32))
}

// newPublicIP is an address from the block that is set aside for benchmarks, 198.18.0.0/15: it reaches no host.
func (r *region) newPublicIP() string {
	for {
		n := r.draw("public-ip")
		ip := fmt.Sprintf("198.%d.%d.%d", 18+n&1, byte(n>>8), byte(n>>16))
		allocated := addresses.any(r, func(a *address) bool { return a.PublicIP == ip })
		if !allocated && !enis.any(r, func(e *eni) bool { return e.Association != nil && e.Association.PublicIP == ip }) {
			return ip
		}
	}
}

func (r *region) publicDNSName(address string) string {
	return "ec2-" + strings.ReplaceAll(address, ".", "-") + "." + r.name + ".compute.amazonaws.com"
}

// has says whether the interface is in a security group.
func (e *eni) has(group string) bool {
	return slices.ContainsFunc(e.Groups, func(g groupID) bool { return g.ID == group })
}
