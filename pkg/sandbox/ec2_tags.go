package sandbox

import (
	"slices"
	"strings"
)

// notThere is how each kind's ID is refused where tags are set.
var notThere = map[string]string{
	"vpc": "InvalidVpcID.NotFound", "subnet": "InvalidSubnetID.NotFound", "igw": "InvalidInternetGatewayID.NotFound",
	"eipalloc": "InvalidAllocationID.NotFound", "nat": "NatGatewayNotFound", "rtb": "InvalidRouteTableID.NotFound",
	"sg": "InvalidGroup.NotFound", "sgr": "InvalidSecurityGroupRuleId.NotFound", "acl": "InvalidNetworkAclID.NotFound",
	"vpce": "InvalidVpcEndpointId.NotFound", "eni": "InvalidNetworkInterfaceID.NotFound",
	"i": "InvalidInstanceID.NotFound", "lt": "InvalidLaunchTemplateId.NotFound", "vol": "InvalidVolume.NotFound",
	"key": "InvalidKeyPair.NotFound", "vgw": "InvalidVpnGatewayID.NotFound", "eigw": "InvalidGatewayID.NotFound",
	"fl": "InvalidFlowLogId.NotFound", "cagw": "InvalidCarrierGatewayID.NotFound", "pcx": "InvalidVpcPeeringConnectionID.NotFound",
}

func tagArea(reg *registry) {
	reg.ec2("CreateTags", mutates, createTags)
	reg.ec2("DeleteTags", mutates, deleteTags)
	reg.ec2("DescribeTags", reads, describeTags)
}

// tagTargets are the things whose tags a call is about, all of which must exist.
func (c *call) tagTargets() ([]*tagSet, error) {
	ids := c.List("ResourceId")
	if len(ids) == 0 {
		return nil, missing("ResourceIdSet")
	}
	var out []*tagSet
	for _, id := range ids {
		prefix, _, _ := strings.Cut(id, "-")
		code := notThere[prefix]
		if code == "" {
			return nil, fail("InvalidID", "The ID '%s' is not valid", id)
		}
		t := c.region.tagsOf(prefix, id)
		if t == nil {
			return nil, fail(code, "The ID '%s' does not exist", id)
		}
		out = append(out, t)
	}
	return out, nil
}

// tagsOf are the tags of the thing with that ID, nil if there is none.
func (r *region) tagsOf(prefix, id string) *tagSet {
	for index, k := range kinds {
		if k.prefix != prefix {
			continue
		}
		if t, ok := r.collection(index).thing(id).(tagged); ok {
			return t.tagged()
		}
	}
	return nil
}

func createTags(c *call) (any, error) {
	targets, err := c.tagTargets()
	if err != nil {
		return nil, err
	}
	var add []tag
	for item := range c.Items("Tag") {
		t := tag{item.Str("Key"), item.Str("Value")}
		if err := checkTag(t); err != nil {
			return nil, err
		}
		add = append(add, t)
	}
	if len(add) == 0 {
		return nil, missing("TagSet")
	}
	merged := make([]tagSet, len(targets))
	for i, target := range targets {
		merged[i].Tags = slices.Clone(target.Tags)
		for _, t := range add {
			merged[i].set(t)
		}
		if len(merged[i].Tags) > mostTags {
			return nil, tooManyTags()
		}
	}
	for i, target := range targets {
		*target = merged[i]
	}
	return nil, nil
}

// deleteTags takes away the named tags, or all if none is named. A missing tag is no error.
func deleteTags(c *call) (any, error) {
	targets, err := c.tagTargets()
	if err != nil {
		return nil, err
	}
	for _, target := range targets {
		named := false
		for item := range c.Items("Tag") {
			named = true
			target.remove(item.Str("Key"), item.Str("Value"), !item.Has("Value"))
		}
		if !named {
			target.Tags = nil
		}
	}
	return nil, nil
}

// tagDescription is a tag with what it is on.
type tagDescription struct {
	ResourceID   string `wire:"resourceId"`
	ResourceType string `wire:"resourceType"`
	Key          string `wire:"key"`
	Value        string `wire:"value,empty"`
}

// tagged makes the filter tag:<key> find the tag with that key and one of the values.
func (t *tagDescription) tagged() *tagSet { return &tagSet{[]tag{{t.Key, t.Value}}} }

var tagListing = listing[tagDescription]{
	name: func(t *tagDescription) string { return t.ResourceID + " " + t.Key },
	fields: fields[tagDescription]{
		"key":           one(func(t *tagDescription) string { return t.Key }),
		"value":         one(func(t *tagDescription) string { return t.Value }),
		"resource-id":   one(func(t *tagDescription) string { return t.ResourceID }),
		"resource-type": one(func(t *tagDescription) string { return t.ResourceType }),
	},
}

func describeTags(c *call) (any, error) {
	found, next, err := tagListing.describeFixed(c, c.region.allTags())
	return struct {
		Tags []*tagDescription `wire:"tagSet>item"`
		page
	}{found, next}, err
}

func (r *region) allTags() []*tagDescription {
	var out []*tagDescription
	for index, k := range kinds {
		if notThere[k.prefix] == "" {
			continue
		}
		r.collection(index).each(func(id string, thing any) bool {
			if t, ok := thing.(tagged); ok {
				for _, have := range t.tagged().Tags {
					out = append(out, &tagDescription{id, k.name, have.Key, have.Value})
				}
			}
			return true
		})
	}
	return out
}
