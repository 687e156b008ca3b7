package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// handClock stands still until a caller sleeps on it.
type handClock struct{ now time.Time }

func (c *handClock) Now() time.Time { return c.now }

func (c *handClock) Sleep(_ context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return nil
}

// machine makes random calls, right and wrong ones.
type machine struct {
	*rapid.T
	clock   *handClock
	sandbox *Sandbox
}

func (m machine) region() *region { return m.sandbox.account(DefaultAccount).region("us-east-1") }

// anyID is the ID of a thing of a kind, rarely of none.
func anyID[T any](m machine, of kind[T]) string {
	ids := slices.Repeat(of.rows(m.region()).order, 5)
	return rapid.SampledFrom(append(ids, of.prefix+"-0")).Draw(m.T, of.name)
}

// call makes a call, which may well be refused. A fault of the sandbox's own fails the test.
func (m machine) call(action string, params ...string) {
	values := url.Values{"Action": {action}}
	for i := 0; i < len(params); i += 2 {
		values.Set(params[i], params[i+1])
	}
	w := post(m.sandbox, values.Encode())
	if w.Code >= http.StatusInternalServerError {
		m.Fatalf("%s %v: %s", action, params, w.Body)
	}
}

func (m machine) number(most int) int { return rapid.IntRange(0, most).Draw(m.T, "number") }

func (m machine) steps() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":    func(t *rapid.T) { m.check(t) },
		"vpc": func(*rapid.T) { m.call("CreateVpc", "CidrBlock", fmt.Sprintf("10.%d.0.0/16", m.number(1))) },
		"subnet": func(*rapid.T) {
			m.call("CreateSubnet", "VpcId", anyID(m, vpcs), "CidrBlock", fmt.Sprintf("10.%d.%d.0/24", m.number(1), m.number(3)))
		},
		"gateway": func(*rapid.T) { m.call("CreateInternetGateway") },
		"attach": func(*rapid.T) {
			m.call("AttachInternetGateway", "InternetGatewayId", anyID(m, gateways), "VpcId", anyID(m, vpcs))
		},
		"address": func(*rapid.T) { m.call("AllocateAddress") },
		"nat": func(*rapid.T) {
			m.call("CreateNatGateway", "SubnetId", anyID(m, subnets), "AllocationId", anyID(m, addresses))
		},
		"regional nat": func(*rapid.T) {
			m.call("CreateNatGateway", "AvailabilityMode", "regional", "VpcId", anyID(m, vpcs))
		},
		"table": func(*rapid.T) { m.call("CreateRouteTable", "VpcId", anyID(m, vpcs)) },
		"associate": func(*rapid.T) {
			m.call("AssociateRouteTable", "RouteTableId", anyID(m, routeTables), "SubnetId", anyID(m, subnets))
		},
		"route": func(*rapid.T) {
			m.call("CreateRoute", "RouteTableId", anyID(m, routeTables), "DestinationCidrBlock", "0.0.0.0/0", "NatGatewayId", anyID(m, nats))
		},
		"group": func(*rapid.T) {
			m.call("CreateSecurityGroup", "VpcId", anyID(m, vpcs), "GroupName", fmt.Sprint("g", m.number(3)), "GroupDescription", "a")
		},
		"rule": func(*rapid.T) {
			m.call("AuthorizeSecurityGroupIngress", "GroupId", anyID(m, groups), "IpPermissions.1.IpProtocol", "-1",
				"IpPermissions.1.Groups.1.GroupId", anyID(m, groups))
		},
		"gateway endpoint": func(*rapid.T) {
			m.call("CreateVpcEndpoint", "VpcId", anyID(m, vpcs), "ServiceName", "com.amazonaws.us-east-1.s3", "RouteTableId.1", anyID(m, routeTables))
		},
		"interface endpoint": func(*rapid.T) {
			m.call("CreateVpcEndpoint", "VpcId", anyID(m, vpcs), "ServiceName", "com.amazonaws.us-east-1.ssm", "VpcEndpointType", "Interface",
				"PrivateDnsEnabled", "false", "SubnetId.1", anyID(m, subnets), "SecurityGroupId.1", anyID(m, groups))
		},
		"delete":  func(*rapid.T) { m.delete(rapid.SampledFrom(removals).Draw(m.T, "removal")) },
		"wait":    func(*rapid.T) { m.clock.now = m.clock.now.Add(time.Duration(m.number(90)) * time.Second) },
		"restart": func(t *rapid.T) { m.restart(t) },
	}
}

// removal takes away one thing of a kind; which one is asked for by ids.
type removal struct {
	action, parameter string
	ids               func(m machine) []string
}

func idsOf[T any](of kind[T]) func(machine) []string {
	return func(m machine) []string { return of.rows(m.region()).order }
}

var removals = []removal{
	{"DeleteVpc", "VpcId", idsOf(vpcs)},
	{"DeleteSubnet", "SubnetId", idsOf(subnets)},
	{"DeleteInternetGateway", "InternetGatewayId", idsOf(gateways)},
	{"ReleaseAddress", "AllocationId", idsOf(addresses)},
	{"DeleteNatGateway", "NatGatewayId", idsOf(nats)},
	{"DeleteRouteTable", "RouteTableId", idsOf(routeTables)},
	{"DeleteSecurityGroup", "GroupId", idsOf(groups)},
	{"DeleteVpcEndpoints", "VpcEndpointId.1", idsOf(endpoints)},
	{"DetachInternetGateway", "InternetGatewayId", idsOf(gateways)},
	{"DisassociateRouteTable", "AssociationId", associationIDs},
	{"RevokeSecurityGroupIngress", "SecurityGroupRuleId.1", idsOf(rules)},
}

func associationIDs(m machine) []string {
	var out []string
	for t := range routeTables.all(m.region()) {
		for _, a := range t.Associations {
			out = append(out, a.ID)
		}
	}
	return out
}

func (m machine) delete(d removal) {
	ids := d.ids(m)
	if len(ids) == 0 {
		return
	}
	id := rapid.SampledFrom(ids).Draw(m.T, d.action)
	params := []string{d.parameter, id}
	if g := gateways.get(m.region(), id); g != nil && d.action == "DetachInternetGateway" {
		params = append(params, "VpcId", g.vpc())
	}
	if rule := rules.get(m.region(), id); rule != nil {
		params = append(params, "GroupId", rule.GroupID)
	}
	m.call(d.action, params...)
}

// restart puts everything into a snapshot and back.
func (m machine) restart(t *rapid.T) {
	before, err := m.sandbox.Dump(DefaultAccount, true)
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.sandbox.Snapshot()
	if err == nil {
		err = m.sandbox.Restore(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	after, err := m.sandbox.Dump(DefaultAccount, true)
	if err != nil || string(before) != string(after) {
		t.Fatalf("a restart changed the account (%v):\n%s\n%s", err, before, after)
	}
}

// check: nothing names what is not there, and no address is used twice.
func (m machine) check(t *rapid.T) {
	r := m.region()
	must := func(holds bool, what, id string) {
		if !holds {
			t.Fatalf("%s of %s is not there", what, id)
		}
	}
	taken := map[string]bool{}
	for e := range enis.all(r) {
		must(subnets.get(r, e.SubnetID) != nil, "subnet", e.ID)
		must(!taken[e.SubnetID+e.PrivateIP], "address of its own", e.ID)
		taken[e.SubnetID+e.PrivateIP] = true
		for _, g := range e.Groups {
			must(groups.get(r, g.ID) != nil, "group", e.ID)
		}
	}
	for s := range subnets.all(r) {
		must(vpcs.get(r, s.VPCID) != nil, "VPC", s.ID)
		used := len(enis.where(r, func(e *eni) bool { return e.SubnetID == s.ID }))
		must(s.Free == 256-reservedAddresses-used, "count of free addresses", s.ID)
	}
	for a := range addresses.all(r) {
		must(a.NetworkInterfaceID == "" || enis.get(r, a.NetworkInterfaceID) != nil, "interface", a.AllocationID)
	}
	for rule := range rules.all(r) {
		must(groups.get(r, rule.GroupID) != nil, "group", rule.ID)
		must(rule.Referenced == nil || groups.get(r, rule.Referenced.GroupID) != nil, "referenced group", rule.ID)
	}
	for table := range routeTables.all(r) {
		must(vpcs.get(r, table.VPCID) != nil, "VPC", table.ID)
		for _, a := range table.Associations {
			must(a.Main || subnets.get(r, a.SubnetID) != nil, "subnet", a.ID)
		}
		for _, to := range table.Routes {
			must(!strings.HasPrefix(to.GatewayID, "vpce-") || endpoints.get(r, to.GatewayID) != nil, "endpoint", table.ID)
		}
	}
	for v := range vpcs.all(r) {
		main := routeTables.where(r, func(t *routeTable) bool { return t.VPCID == v.ID && t.main() })
		must(len(main) == 1 && r.defaultGroup(v.ID) != nil, "main route table or default group", v.ID)
	}
}

// After creations in any order nothing dangles, and a caller that deletes without knowing the order deletes everything
// in the end.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := &handClock{now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
		m := machine{t, clock, New(Options{Clock: clock})}
		m.call("CreateVpc", "CidrBlock", "10.0.0.0/16")
		for range 3 {
			m.steps()["subnet"](t)
			m.steps()["gateway"](t)
			m.steps()["attach"](t)
		}
		t.Repeat(m.steps())
		for range 200 {
			for _, d := range rapid.Permutation(removals).Draw(t, "order") {
				m.delete(d)
				m.check(t)
			}
			clock.now = clock.now.Add(10 * time.Second)
			left, err := m.sandbox.Dump(DefaultAccount, false)
			if err != nil {
				t.Fatal(err)
			}
			if string(left) == "{}" {
				return
			}
		}
		left, _ := m.sandbox.Dump(DefaultAccount, false) // was fine above
		t.Fatalf("can't be deleted: %s", left)
	})
}
