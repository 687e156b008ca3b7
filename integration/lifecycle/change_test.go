package lifecycle

import "testing"

const tagged = "tags: {team: platform, cost: web}\n"

// Changes that AWS can make in place, one after the other, on one stack. The number of things never changes.
func TestChangesInPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.settings(tagged)
	w.up().ends(done)

	apply := func(name, settings string, shown []string, wrote ...string) {
		t.Run(name, func(t *testing.T) {
			w := w.with(t)
			w.settings(settings)
			w.plan().ends(changes).shows(shown...).writesNothing()
			run := w.up().ends(done)
			for _, call := range wrote {
				if len(run.calls.Named(call)) == 0 {
					t.Errorf("up did not call %s:\n%s", call, run.calls)
				}
			}
			w.plan().ends(done).writesNothing()
			w.isWhole()
		})
	}
	apply("health check", tagged+"defaults: {lb: {health_path: /healthz, interval: 20s, healthy: 3, drain: 45s}}\n",
		[]string{"health check path: / → /healthz", "deregistration delay: 30s → 45s", "1 to change"},
		"elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes")
	apply("sizes", tagged+"defaults: {compute: {max: 5}}\n", []string{"maxSize: 4 → 5"}, "autoscaling:UpdateAutoScalingGroup")
	apply("tag changed and tag removed", "tags: {team: ops}\n", []string{"tag team: platform → ops", "tag cost: web → (none)"})

	for _, r := range w.made().In(home) {
		if tags := tagsOf(w, r); tags["cost"] != "" || tags["team"] == "platform" && r.Kind != "instance" {
			t.Errorf("%s %s still has tags %v", r.Kind, r.ID, tags)
		}
	}
}

// What the launch template holds becomes a new version that the group points at. That the instances are then replaced is
// tested on the sandbox only: LocalStack lacks StartInstanceRefresh, which is why the run fails here.
func TestInstanceTypeChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	w.settings("defaults: {compute: {type: t3.small}}\n")
	w.plan().ends(changes).shows("launch InstanceType: t3.micro → t3.small", "2 to change")

	w.up("--timeout", "20s")
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

// What AWS can't change in place is refused as a whole, before any write.
func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	there := w.list()
	for name, c := range map[string]struct{ settings, why string }{
		"CIDR of the VPC": {
			"overrides: {eu-west-1: {network: {cidr: 10.200.0.0/16}}}\n", "AWS can't change the primary CIDR block of a VPC",
		},
		"size of the VPC": {
			"defaults: {network: {prefix: 20}}\n", "AWS can't change the primary CIDR block of a VPC",
		},
		"CIDR and health check": {
			"overrides: {eu-west-1: {network: {cidr: 10.200.0.0/16}, lb: {health_path: /x}}}\n", "can't be done",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := w.with(t)
			w.settings(c.settings)
			w.up().ends(refused).says(c.why, "next: ").writesNothing()
			w.plan().ends(refused).shows(c.why).writesNothing()
			w.isStill(there)
		})
	}
}
