package reliability

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// foreign is a change by hand that a random pair may have between its two runs.
type foreign struct {
	name string
	drift
}

func zonalNAT(d drawn) bool { return d["network.nat"] == "single" || d["network.nat"] == "per-az" }
func anyNAT(d drawn) bool   { return d["network.nat"] != "none" }
func toSSM(d drawn) bool    { return d["endpoints.ssm"] == "interface" }
func toS3(d drawn) bool     { return d["endpoints.s3"] == "gateway" }
func isX86(d drawn) bool    { return strings.HasPrefix(d["compute.type"], "t3.") }
func port80(d drawn) bool   { return d["lb.port"] == "80" }

// areas are changes that don't get in each other's way if there is one of each at the most.
var areas = []map[string]func(drawn) bool{
	{
		"default route deleted": anyNAT, "private subnet routed to the internet": anyNAT, "association removed": nil,
		"subnet moved to another route table": nil, "routes added": zonalNAT, "NAT gateway deleted a moment ago": zonalNAT,
		"NAT gateway a tombstone": zonalNAT, "NAT gateway gone": zonalNAT, "elastic IP released": zonalNAT,
	},
	{"rule revoked": port80, "SSH opened to everybody": nil, "way out closed": nil},
	{"tag removed": nil, "owner's tag removed": nil},
	{"DNS host names off": nil, "DNS off": nil, "public addresses in a private subnet": nil},
	{"interface endpoint gone": toSSM, "gateway endpoint off a route table": toS3},
	{
		"listener answers by itself": nil, "listener deleted": nil, "load balancer in another security group": toSSM,
		"load balancer's tag changed": nil, "load balancer deleted": nil,
	},
	{"health check changed": nil},
	{
		"Auto Scaling group's size": nil, "another version of the launch template": isX86, "launch template deleted": nil,
		"Auto Scaling group deleted": nil, "instance profile emptied": nil,
	},
}

// drawForeign draws up to three changes by hand of a stack with the settings.
func drawForeign(t *testing.T, random *rand.Rand, have drawn) (all []foreign) {
	t.Helper()
	for _, i := range random.Perm(len(areas))[:random.IntN(4)] {
		var fit []string
		for name, fits := range areas[i] {
			if fits == nil || fits(have) {
				fit = append(fit, name)
			}
		}
		if len(fit) == 0 {
			continue
		}
		slices.Sort(fit)
		name := fit[random.IntN(len(fit))]
		all = append(all, foreign{name: name, drift: driftNamed(t, name)})
	}
	return all
}

func driftNamed(t *testing.T, name string) drift {
	t.Helper()
	for _, some := range []map[string]drift{networkDrifts, balancingDrifts, computeDrifts} {
		if d, ok := some[name]; ok {
			return d
		}
	}
	t.Fatalf("there is no change by hand called %q", name)
	return drift{}
}

// happen makes the changes, and lets their consequences come.
func happen(t *testing.T, w *world, changes []foreign) {
	t.Helper()
	for _, change := range changes {
		t.Logf("by hand: %s", change.name)
		change.by(&hand{t, w.clients(), w})
		w.wait(t, change.later)
	}
	w.wait(t, 20*time.Minute)
}
