package sandbox

import (
	"slices"
	"time"
)

type vpcEndpoint struct {
	ID               string     `wire:"vpcEndpointId"`
	Type             string     `wire:"vpcEndpointType"`
	VPCID            string     `wire:"vpcId"`
	ServiceName      string     `wire:"serviceName"`
	ServiceRegion    string     `wire:"serviceRegion"`
	State            string     `wire:"state"`
	PolicyDocument   string     `wire:"policyDocument"`
	RouteTables      []string   `wire:"routeTableIdSet>item"`
	Subnets          []string   `wire:"subnetIdSet>item"`
	Groups           []groupID  `wire:"groupSet>item"`
	IPAddressType    string     `wire:"ipAddressType"`
	PrivateDNS       bool       `wire:"privateDnsEnabled"`
	RequesterManaged bool       `wire:"requesterManaged"`
	Interfaces       []string   `wire:"networkInterfaceIdSet>item"`
	DNS              []dnsEntry `wire:"dnsEntrySet>item"`
	Created          time.Time  `wire:"creationTimestamp"`
	OwnerID          string     `wire:"ownerId"`
	tagSet
}

type dnsEntry struct {
	Name string `wire:"dnsName"`
	Zone string `wire:"hostedZoneId"`
}

const (
	endpointGateway   = "Gateway"
	endpointInterface = "Interface"

	endpointDeleting = "deleting"

	fullAccess = `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`
)

var endpoints = newKind[vpcEndpoint]("vpc-endpoint", "vpce")

var endpointListing = listing[vpcEndpoint]{
	of: endpoints, ids: "VpcEndpointId", unknown: noEndpoint, least: 1,
	fields: fields[vpcEndpoint]{
		"vpc-endpoint-id":    one(func(e *vpcEndpoint) string { return e.ID }),
		"vpc-endpoint-type":  one(func(e *vpcEndpoint) string { return e.Type }),
		"vpc-endpoint-state": one(func(e *vpcEndpoint) string { return e.State }),
		"vpc-id":             one(func(e *vpcEndpoint) string { return e.VPCID }),
		"service-name":       one(func(e *vpcEndpoint) string { return e.ServiceName }),
		"ip-address-type":    one(func(e *vpcEndpoint) string { return e.IPAddressType }),
	},
}

func endpointArea(reg *registry) {
	reg.ec2("CreateVpcEndpoint", mutates|tokened, createEndpoint)
	reg.ec2("DescribeVpcEndpoints", reads, describeEndpoints)
	reg.ec2("ModifyVpcEndpoint", mutates, modifyEndpoint)
	reg.ec2("DeleteVpcEndpoints", mutates, deleteEndpoints)
	reg.effect("endpoint-available", func(r *region, id string) {
		if e := endpoints.get(r, id); e != nil && e.State == "pending" {
			e.State = "available"
		}
	})
	reg.effect("endpoint-gone", endpointGone)
}

func noEndpoint(id string) *Error {
	return fail("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '%s' does not exist", id)
}

func createEndpoint(c *call) (any, error) {
	v, err := c.vpc("VpcId")
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(endpoints.name)
	if err != nil {
		return nil, err
	}
	e := &vpcEndpoint{
		Type: endpointGateway, VPCID: v.ID, ServiceName: c.Str("ServiceName"), ServiceRegion: c.region.name,
		PolicyDocument: fullAccess, IPAddressType: "ipv4", Created: c.region.now, OwnerID: c.account.id, tagSet: tags,
	}
	if kind := c.Str("VpcEndpointType"); kind != "" {
		e.Type = kind
	}
	if policy := c.Str("PolicyDocument"); policy != "" {
		e.PolicyDocument = policy
	}
	if err := c.region.servesAs(e); err != nil {
		return nil, err
	}
	if e.Type == endpointGateway {
		err = c.newGatewayEndpoint(e)
	} else {
		err = c.newInterfaceEndpoint(e, v)
	}
	if err != nil {
		return nil, err
	}
	endpoints.put(c.region, e.ID, e)
	return struct {
		Endpoint    *vpcEndpoint `wire:"vpcEndpoint"`
		ClientToken string       `wire:"clientToken"`
	}{e, c.Str("ClientToken")}, nil
}

// newGatewayEndpoint routes the service's addresses in the route tables to the endpoint; that works at once.
func (c *call) newGatewayEndpoint(e *vpcEndpoint) error {
	for _, parameter := range []string{"SubnetId", "SecurityGroupId"} {
		if len(c.List(parameter)) > 0 {
			return fail("InvalidParameter", "%ss can't be specified for an endpoint of type Gateway", parameter)
		}
	}
	if c.Flag("PrivateDnsEnabled") {
		return fail("InvalidParameter", "Private DNS is only supported for endpoints of type Interface")
	}
	tables, err := c.endpointTables(e, c.List("RouteTableId"))
	if err != nil {
		return err
	}
	e.ID, e.State = c.region.newID("vpce"), "available"
	c.region.routeTo(e, tables)
	return nil
}

// endpointTables are route tables that can get an endpoint's route.
func (c *call) endpointTables(e *vpcEndpoint, ids []string) ([]*routeTable, error) {
	list := c.region.prefixListID(serviceOf(e.ServiceName))
	var out []*routeTable
	for _, id := range ids {
		t := routeTables.get(c.region, id)
		switch {
		case t == nil:
			return nil, noRouteTable(id)
		case t.VPCID != e.VPCID:
			return nil, fail("InvalidParameter", "Route table %s does not belong to VPC %s", id, e.VPCID)
		case t.route(list) != nil:
			return nil, fail("RouteAlreadyExists",
				"route table %s already has a route with destination-prefix-list-id %s", id, list)
		}
		out = append(out, t)
	}
	return out, nil
}

func (r *region) routeTo(e *vpcEndpoint, tables []*routeTable) {
	for _, t := range tables {
		t.Routes = append(t.Routes, &route{
			PrefixListID: r.prefixListID(serviceOf(e.ServiceName)), GatewayID: e.ID, State: "active", Origin: "CreateRoute",
		})
		e.RouteTables = append(e.RouteTables, t.ID)
	}
}

// unroute takes an endpoint's route out of a table.
func (r *region) unroute(e *vpcEndpoint, tableID string) {
	if t := routeTables.get(r, tableID); t != nil {
		t.Routes = slices.DeleteFunc(t.Routes, func(to *route) bool { return to.GatewayID == e.ID })
	}
	e.RouteTables = slices.DeleteFunc(e.RouteTables, func(id string) bool { return id == tableID })
}

func describeEndpoints(c *call) (any, error) {
	found, next, err := endpointListing.describe(c)
	return struct {
		Endpoints []*vpcEndpoint `wire:"vpcEndpointSet>item"`
		page
	}{found, next}, err
}

// unsuccessful is what calls on several things tell, with status 200, of what they did not do.
type unsuccessful struct {
	ID    string `wire:"resourceId"`
	Error struct {
		Code    string `wire:"code"`
		Message string `wire:"message"`
	} `wire:"error"`
}

// notDone is an error in an answer with status 200.
func notDone(id string, bad *Error) unsuccessful {
	u := unsuccessful{ID: id}
	u.Error.Code, u.Error.Message = bad.Code, bad.Message
	return u
}

func deleteEndpoints(c *call) (any, error) {
	ids := c.List("VpcEndpointId")
	if len(ids) == 0 {
		return nil, missing("VpcEndpointId")
	}
	var out struct {
		Unsuccessful []unsuccessful `wire:"unsuccessful>item"`
	}
	for _, id := range ids {
		e := endpoints.get(c.region, id)
		if e == nil {
			out.Unsuccessful = append(out.Unsuccessful, notDone(id, noEndpoint(id)))
			continue
		}
		c.region.endEndpoint(e)
	}
	return out, nil
}

// endEndpoint starts a deletion. A gateway endpoint takes its routes with it at once; an interface endpoint's network
// interfaces stay for a while.
func (r *region) endEndpoint(e *vpcEndpoint) {
	if e.State == endpointDeleting {
		return
	}
	e.State = endpointDeleting
	for _, id := range slices.Clone(e.RouteTables) {
		r.unroute(e, id)
	}
	if e.Type == endpointGateway {
		r.after(r.between("gateway-endpoint-gone", time.Second, 5*time.Second), "endpoint-gone", e.ID)
		return
	}
	r.after(r.between("endpoint-gone", 30*time.Second, 90*time.Second), "endpoint-gone", e.ID)
}

func endpointGone(r *region, id string) {
	e := endpoints.get(r, id)
	if e == nil {
		return
	}
	for _, eni := range e.Interfaces {
		r.dropENI(eni)
	}
	endpoints.drop(r, id)
}
