package sandbox

import (
	"slices"
	"strconv"
)

func zoneArea(reg *registry) {
	reg.ec2("DescribeRegions", reads, describeRegions)
	reg.ec2("DescribeAvailabilityZones", reads, describeZones)
	reg.ec2("DescribeAccountAttributes", reads, describeAccountAttributes)
}

type regionDescription struct {
	Name     string `wire:"regionName"`
	Endpoint string `wire:"regionEndpoint"`
	OptIn    string `wire:"optInStatus"`
}

var regionListing = listing[regionDescription]{
	ids: "RegionName", name: func(r *regionDescription) string { return r.Name },
	unknown: func(name string) *Error {
		return fail("InvalidParameterValue", "Invalid region name: %s", name)
	},
	fields: fields[regionDescription]{
		"region-name":   one(func(r *regionDescription) string { return r.Name }),
		"endpoint":      one(func(r *regionDescription) string { return r.Endpoint }),
		"opt-in-status": one(func(r *regionDescription) string { return r.OptIn }),
	},
}

// describeRegions lists the regions that the account can use, or all if asked to.
func describeRegions(c *call) (any, error) {
	var all []*regionDescription
	for _, p := range places {
		status := "opt-in-not-required"
		switch {
		case p.optIn && c.sandbox.offers(p.name) == nil:
			status = "opted-in"
		case p.optIn:
			status = "not-opted-in"
		}
		if status == "not-opted-in" && !c.Flag("AllRegions") && !slices.Contains(c.List("RegionName"), p.name) {
			continue
		}
		all = append(all, &regionDescription{p.name, "ec2." + p.name + ".amazonaws.com", status})
	}
	found, _, err := regionListing.describeFixed(c, all)
	return struct {
		Regions []*regionDescription `wire:"regionInfo>item"`
	}{found}, err
}

type zoneDescription struct {
	Name        string `wire:"zoneName"`
	ID          string `wire:"zoneId"`
	State       string `wire:"zoneState"`
	Region      string `wire:"regionName"`
	OptIn       string `wire:"optInStatus"`
	Type        string `wire:"zoneType"`
	Group       string `wire:"groupName"`
	BorderGroup string `wire:"networkBorderGroup"`
}

var zoneListing = listing[zoneDescription]{
	ids: "ZoneName", name: func(z *zoneDescription) string { return z.Name }, unknown: noZone,
	fields: fields[zoneDescription]{
		"zone-name":     one(func(z *zoneDescription) string { return z.Name }),
		"zone-id":       one(func(z *zoneDescription) string { return z.ID }),
		"zone-type":     one(func(z *zoneDescription) string { return z.Type }),
		"state":         one(func(z *zoneDescription) string { return z.State }),
		"region-name":   one(func(z *zoneDescription) string { return z.Region }),
		"opt-in-status": one(func(z *zoneDescription) string { return z.OptIn }),
		"group-name":    one(func(z *zoneDescription) string { return z.Group }),
	},
}

func noZone(name string) *Error {
	return fail("InvalidParameterValue", "Invalid availability zone: [%s]", name)
}

func describeZones(c *call) (any, error) {
	var all []*zoneDescription
	for i, z := range c.region.zones() {
		all = append(all, &zoneDescription{
			z.name, z.id, "available", c.region.name, "opt-in-not-required", "availability-zone",
			c.region.name + "-zg-" + strconv.Itoa(i+1), c.region.name,
		})
	}
	for _, id := range c.List("ZoneId") {
		if !slices.ContainsFunc(all, func(z *zoneDescription) bool { return z.ID == id }) {
			return nil, noZone(id)
		}
	}
	if ids := c.List("ZoneId"); len(ids) > 0 {
		all = slices.DeleteFunc(all, func(z *zoneDescription) bool { return !slices.Contains(ids, z.ID) })
	}
	found, _, err := zoneListing.describeFixed(c, all)
	return struct {
		Zones []*zoneDescription `wire:"availabilityZoneInfo>item"`
	}{found}, err
}

// constrained says whether a subnet is in a zone in which AWS no longer expands.
func (c *call) constrained(s *subnet) bool {
	return slices.Contains(c.sandbox.options.Constrained, s.ZoneID)
}

type accountAttribute struct {
	Name   string           `wire:"attributeName"`
	Values []attributeValue `wire:"attributeValueSet>item"`
}

type attributeValue struct {
	Value string `wire:"attributeValue"`
}

func describeAccountAttributes(c *call) (any, error) {
	all := []accountAttribute{
		{"supported-platforms", []attributeValue{{"VPC"}}},
		{"default-vpc", []attributeValue{{"none"}}},
		{"vpc-max-elastic-ips", []attributeValue{{strconv.Itoa(c.region.quota(QuotaElasticIPs))}}},
		{"max-elastic-ips", []attributeValue{{strconv.Itoa(c.region.quota(QuotaElasticIPs))}}},
	}
	if wanted := c.List("AttributeName"); len(wanted) > 0 {
		all = slices.DeleteFunc(all, func(a accountAttribute) bool { return !slices.Contains(wanted, a.Name) })
	}
	return struct {
		Attributes []accountAttribute `wire:"accountAttributeSet>item"`
	}{all}, nil
}
