package sandbox

import (
	"slices"
)

type routeTable struct {
	ID           string             `wire:"routeTableId"`
	VPCID        string             `wire:"vpcId"`
	OwnerID      string             `wire:"ownerId"`
	Routes       []*route           `wire:"routeSet>item"`
	Associations []tableAssociation `wire:"associationSet>item"`
	Propagating  []string           `wire:"propagatingVgwSet>item"`
	tagSet

	// AWSManaged is set for the table that AWS makes for a regional NAT gateway.
	AWSManaged bool
}

type tableAssociation struct {
	ID       string           `wire:"routeTableAssociationId"`
	TableID  string           `wire:"routeTableId"`
	SubnetID string           `wire:"subnetId"`
	Main     bool             `wire:"main"`
	State    associationState `wire:"associationState"`
}

type associationState struct {
	State string `wire:"state"`
}

var routeTables = newKind[routeTable]("route-table", "rtb")

var routeTableListing = listing[routeTable]{
	of: routeTables, ids: "RouteTableId", unknown: noRouteTable, most: 100,
	fields: fields[routeTable]{
		"route-table-id":                         one(func(t *routeTable) string { return t.ID }),
		"vpc-id":                                 one(func(t *routeTable) string { return t.VPCID }),
		"owner-id":                               one(func(t *routeTable) string { return t.OwnerID }),
		"association.main":                       yes(func(t *routeTable) bool { return t.main() }),
		"association.route-table-association-id": ofAssociations(func(a tableAssociation) string { return a.ID }),
		"association.route-table-id":             ofAssociations(func(a tableAssociation) string { return a.TableID }),
		"association.subnet-id":                  ofAssociations(func(a tableAssociation) string { return a.SubnetID }),
		"route.destination-cidr-block":           ofRoutes(func(r *route) string { return r.CIDR }),
		"route.destination-prefix-list-id":       ofRoutes(func(r *route) string { return r.PrefixListID }),
		"route.gateway-id":                       ofRoutes(func(r *route) string { return r.GatewayID }),
		"route.nat-gateway-id":                   ofRoutes(func(r *route) string { return r.NATGatewayID }),
		"route.origin":                           ofRoutes(func(r *route) string { return r.Origin }),
		"route.state":                            ofRoutes(func(r *route) string { return r.State }),
	},
}

func routeTableArea(reg *registry) {
	reg.ec2("CreateRouteTable", mutates|tokened, createRouteTable)
	reg.ec2("DescribeRouteTables", reads, describeRouteTables)
	reg.ec2("AssociateRouteTable", mutates, associateRouteTable)
	reg.ec2("DisassociateRouteTable", mutates, disassociateRouteTable)
	reg.ec2("ReplaceRouteTableAssociation", mutates, replaceRouteTableAssociation)
	reg.ec2("DeleteRouteTable", mutates, deleteRouteTable)
}

func ofAssociations(value func(tableAssociation) string) func(*routeTable) []string {
	return func(t *routeTable) []string {
		var out []string
		for _, a := range t.Associations {
			if v := value(a); v != "" {
				out = append(out, v)
			}
		}
		return out
	}
}

func ofRoutes(value func(*route) string) func(*routeTable) []string {
	return func(t *routeTable) []string {
		var out []string
		for _, r := range t.Routes {
			if v := value(r); v != "" {
				out = append(out, v)
			}
		}
		return out
	}
}

func noRouteTable(id string) *Error {
	return fail("InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist", id)
}

func (c *call) routeTable() (*routeTable, error) {
	id, err := c.Need("RouteTableId")
	if err != nil {
		return nil, err
	}
	if t := routeTables.get(c.region, id); t != nil {
		return t, nil
	}
	return nil, noRouteTable(id)
}

// newRouteTable makes a table with just the local route.
func (r *region) newRouteTable(v *vpc, tags tagSet) *routeTable {
	t := &routeTable{ID: r.newID("rtb"), VPCID: v.ID, OwnerID: r.account.id, tagSet: tags}
	t.Routes = []*route{{CIDR: v.CIDR, GatewayID: "local", State: "active", Origin: "CreateRouteTable"}}
	routeTables.put(r, t.ID, t)
	return t
}

func (t *routeTable) associate(r *region, subnetID string, main bool) *tableAssociation {
	t.Associations = append(t.Associations, tableAssociation{
		ID: r.newID("rtbassoc"), TableID: t.ID, SubnetID: subnetID, Main: main, State: associationState{"associated"},
	})
	return &t.Associations[len(t.Associations)-1]
}

func (t *routeTable) main() bool {
	return slices.ContainsFunc(t.Associations, func(a tableAssociation) bool { return a.Main })
}

func (t *routeTable) serves(subnetID string) bool {
	return slices.ContainsFunc(t.Associations, func(a tableAssociation) bool { return a.SubnetID == subnetID })
}

// forget takes away the association with a subnet that is deleted.
func (t *routeTable) forget(subnetID string) {
	t.Associations = slices.DeleteFunc(t.Associations, func(a tableAssociation) bool { return a.SubnetID == subnetID })
}

// tableOf is the route table that a subnet uses: its own, or else the VPC's main one.
func (r *region) tableOf(s *subnet) *routeTable {
	var main *routeTable
	for t := range routeTables.all(r) {
		if t.serves(s.ID) {
			return t
		}
		if t.VPCID == s.VPCID && t.main() {
			main = t
		}
	}
	return main
}

// association finds one by its ID.
func (c *call) association() (*routeTable, int, error) {
	id, err := c.Need("AssociationId")
	if err != nil {
		return nil, 0, err
	}
	for t := range routeTables.all(c.region) {
		if i := slices.IndexFunc(t.Associations, func(a tableAssociation) bool { return a.ID == id }); i >= 0 {
			return t, i, nil
		}
	}
	return nil, 0, fail("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", id)
}

func createRouteTable(c *call) (any, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(routeTables.name)
	if err != nil {
		return nil, err
	}
	siblings := routeTables.where(c.region, func(t *routeTable) bool { return t.VPCID == v.ID })
	if len(siblings) >= c.region.quota(QuotaRouteTables) {
		return nil, fail("RouteTableLimitExceeded", "The maximum number of route tables has been reached.")
	}
	return struct {
		Table *routeTable `wire:"routeTable"`
	}{c.region.newRouteTable(v, tags)}, nil
}

func describeRouteTables(c *call) (any, error) {
	for t := range routeTables.all(c.region) {
		for _, r := range t.Routes {
			r.State = c.region.routeState(t, r)
		}
	}
	found, next, err := routeTableListing.describe(c)
	return struct {
		Tables []*routeTable `wire:"routeTableSet>item"`
		page
	}{found, next}, err
}

func associateRouteTable(c *call) (any, error) {
	t, err := c.routeTable()
	if err != nil {
		return nil, err
	}
	s, err := c.subnet("SubnetId")
	if err != nil {
		return nil, err
	}
	if s.VPCID != t.VPCID {
		return nil, fail("InvalidParameterValue", "route table %s and network subnet belong to different networks", t.ID)
	}
	if routeTables.any(c.region, func(other *routeTable) bool { return other.serves(s.ID) }) {
		return nil, fail("Resource.AlreadyAssociated",
			"the specified association for route table %s conflicts with an existing association", t.ID)
	}
	made := t.associate(c.region, s.ID, false)
	return struct {
		ID    string           `wire:"associationId"`
		State associationState `wire:"associationState"`
	}{made.ID, made.State}, nil
}

func disassociateRouteTable(c *call) (any, error) {
	t, i, err := c.association()
	if err != nil {
		return nil, err
	}
	if t.Associations[i].Main {
		return nil, fail("InvalidParameterValue",
			"cannot disassociate the main route table association %s", t.Associations[i].ID)
	}
	t.Associations = slices.Delete(t.Associations, i, i+1)
	return nil, nil
}

func replaceRouteTableAssociation(c *call) (any, error) {
	target, err := c.routeTable()
	if err != nil {
		return nil, err
	}
	t, i, err := c.association()
	if err != nil {
		return nil, err
	}
	if target.VPCID != t.VPCID {
		return nil, fail("InvalidParameterValue", "route table %s and association %s belong to different networks",
			target.ID, t.Associations[i].ID)
	}
	old := t.Associations[i]
	t.Associations = slices.Delete(t.Associations, i, i+1)
	made := target.associate(c.region, old.SubnetID, old.Main)
	return struct {
		ID    string           `wire:"newAssociationId"`
		State associationState `wire:"associationState"`
	}{made.ID, made.State}, nil
}

func deleteRouteTable(c *call) (any, error) {
	t, err := c.routeTable()
	if err != nil {
		return nil, err
	}
	if len(t.Associations) > 0 || t.AWSManaged {
		return nil, held("routeTable", t.ID)
	}
	for e := range endpoints.all(c.region) {
		e.RouteTables = slices.DeleteFunc(e.RouteTables, func(id string) bool { return id == t.ID })
	}
	routeTables.drop(c.region, t.ID)
	return nil, nil
}
