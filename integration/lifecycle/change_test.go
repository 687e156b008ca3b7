package lifecycle

import (
	"strings"
	"testing"
)

// Changes that AWS can make in place, one after the other, on one stack. The number of things never changes.
func TestChangesInPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)

	const lb = "defaults:\n  lb: {health_path: /healthz, interval: 20s, healthy: 3"
	for _, c := range []struct{ name, settings, differs, call string }{
		{
			"health check", lb + "}\n",
			"update target-group: health check path, health check interval, health check healthy threshold",
			"elasticloadbalancing:ModifyTargetGroup",
		},
		{
			"drain", lb + ", drain: 45s}\n", "update target-group: deregistration delay",
			"elasticloadbalancing:ModifyTargetGroupAttributes",
		},
		{
			"sizes", lb + ", drain: 45s}\n  compute: {max: 5, desired: 3}\n",
			"update auto-scaling-group: group maxSize, group desiredCapacity", "autoscaling:UpdateAutoScalingGroup",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := w.with(t)
			w.settings(c.settings)
			w.plan().ends(changes).differs(home, c.differs).writesNothing()
			run := w.up().ends(done)
			if made := run.calls.Mutating(); len(made) != 1 || made[0].Name() != c.call {
				t.Errorf("up made these calls, want just %s:\n%s", c.call, made)
			}
			w.plan().ends(done).writesNothing()
		})
	}
	w.has(w.made(), home, whole().but(count{"instance": 3, "volume": 2 * 3}))
}

// A zone less: its subnets, tables, address and NAT gateway go, and what was over them is over the others. That a zone more
// can be removed again is tested on the sandbox only: LocalStack can't delete an endpoint that a route table was added to.
func TestZonesChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	w.settings("defaults: {network: {azs: 2}}\n")
	w.plan().ends(changes).differs(home, "update load-balancer: subnets", "update auto-scaling-group: group subnets",
		"update vpc-endpoint/ssm: subnetIds", "update vpc-endpoint/ssmmessages: subnetIds", "update vpc-endpoint/s3: routeTableIds",
		"delete nat-gateway/c", "delete elastic-ip/c", "delete subnet/private-c", "delete subnet/public-c",
		"delete route-table/private-c")
	w.up().ends(done)
	w.plan().ends(done).writesNothing()
	w.has(w.made(), home, whole().but(count{"subnet": 4, "elastic-ip": 2, "nat-gateway": 2, "route-table": 1 + 3}))
	w.down().ends(done)
	w.isEmpty()
}

// Tags follow the settings on everything but the instances, which have those that they were launched with until they are
// replaced.
func TestTagsChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.settings("tags: {team: platform, cost: web}\n")
	w.up().ends(done)
	w.settings("tags: {team: ops}\n")
	for _, difference := range w.plan().ends(changes).writesNothing().in(home).differences() {
		if !strings.HasPrefix(difference, "update ") || !strings.Contains(difference, ": tag team, tag cost") {
			t.Errorf("planned: %s", difference)
		}
	}
	w.up().ends(done)
	for _, r := range w.made() {
		if tags := tagsOf(w, r); tags["team"] == "platform" && !keepsTags[r.Kind] || tags["cost"] != "" && !keepsTags[r.Kind] {
			t.Errorf("%s %s still has tags %v", r.Kind, r.ID, tags)
		}
	}
	w.plan().ends(changes).differs(home, "update launch-template: tag team") // see keepsTags
}

// keepsTags are kinds that show other tags than the current ones. LocalStack describes a launch template with the tags
// that it was created with, so that the program keeps setting them.
var keepsTags = map[string]bool{"instance": true, "launch-template": true}

// A changed setting of the launch template becomes a new version that the group uses. That the instances are then
// replaced is tested on the sandbox only: LocalStack lacks StartInstanceRefresh, and shows each instance with its
// group's version, so that none seems to need it.
func TestInstanceTypeChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	w.settings("defaults: {compute: {type: t3.small}}\n")
	w.plan().ends(changes).differs(home, "update launch-template: launch type", "update auto-scaling-group: group launchTemplate")

	w.up().ends(done)
	w.plan().ends(done).writesNothing()
	group := autoScalingGroup(w, home)
	if version := *group.LaunchTemplate.Version; version != "2" {
		t.Errorf("the group launches version %q, want 2", version)
	}
	if data := launched(w, home, "2"); data.InstanceType != "t3.small" {
		t.Errorf("version 2 launches %s, want t3.small", data.InstanceType)
	}
	if data := launched(w, home, "1"); data.InstanceType != "t3.micro" {
		t.Errorf("version 1 launches %s, want t3.micro", data.InstanceType)
	}
}

// A plan with a change that AWS can't make in place is refused as a whole, before any write.
func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	there := w.list()
	const why = "AWS can't change the primary CIDR block of a VPC"
	for name, settings := range map[string]string{
		"CIDR of the VPC":       "overrides: {eu-west-1: {network: {cidr: 10.200.0.0/16}}}\n",
		"size of the VPC":       "defaults: {network: {prefix: 20}}\n",
		"CIDR and health check": "overrides: {eu-west-1: {network: {cidr: 10.200.0.0/16}, lb: {health_path: /x}}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := w.with(t)
			w.settings(settings)
			w.up().ends(refused).says(why, "next: ").writesNothing()
			w.plan().ends(refused).shows(why).writesNothing()
			w.isStill(there)
		})
	}
}
