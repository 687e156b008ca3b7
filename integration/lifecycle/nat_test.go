package lifecycle

import "testing"

// Each way out of the private subnets, changed from one to the next in place: what is no longer wanted goes. The way
// "regional" is tested on the sandbox only: LocalStack wants a subnet and an address of each NAT gateway.
func TestNATModes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	settings := func(nat string) { w.settings("defaults: {network: {nat: " + nat + "}}\n") }

	const way = "route 0.0.0.0/0"

	settings("none")
	w.up().ends(done)
	w.has(w.made(), home, whole().but(count{"elastic-ip": 0, "nat-gateway": 0}))

	settings("single")
	w.plan().ends(changes).differs(home, "create elastic-ip/a", "create nat-gateway/a", "update route-table/private-a: "+way,
		"update route-table/private-b: "+way, "update route-table/private-c: "+way)
	w.up().ends(done)
	w.has(w.made(), home, whole().but(count{"elastic-ip": 1, "nat-gateway": 1}))

	settings("per-az")
	w.up().ends(done)
	w.isWhole()

	settings("single")
	w.up().ends(done)
	w.plan().ends(done).writesNothing()
	w.has(w.made(), home, whole().but(count{"elastic-ip": 1, "nat-gateway": 1}))

	w.down().ends(done)
	w.isEmpty()
}

// The settings file gives one region what the other does not have.
func TestOverrides(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "eu-west-1", "us-east-1")
	w.settings(`regions: [eu-west-1, us-east-1]
tags: {team: platform}
overrides:
  us-east-1: {network: {nat: single, azs: 2}, compute: {min: 3, max: 6}, endpoints: {ssm: none}}
`)
	w.run("up", "--yes", "-o", "json").ends(done).made("us-east-1", 3)
	made := w.made()
	w.has(made, "eu-west-1", whole())
	w.has(made, "us-east-1", whole().but(count{
		"subnet": 4, "elastic-ip": 1, "nat-gateway": 1, "route-table": 1 + 3, "vpc-endpoint": 1, "security-group": 1 + 2,
		"instance": 3, "volume": 2 * 3,
	}))
	for _, region := range w.regions {
		checkTags(w, region)
	}
	w.run("plan", "--detailed-exitcode").ends(done).writesNothing()

	w.down("--regions", "us-east-1").ends(done)
	w.has(w.made(), "us-east-1", count{})
	w.status().ends(done).differs("eu-west-1")
	w.down().ends(done)
	w.isEmpty()
}
