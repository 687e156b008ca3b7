package stack_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// service is a service's name in IAM policies, by the SDK's name of it.
var service = map[string]string{
	"EC2": "ec2", "Auto Scaling": "autoscaling", "Elastic Load Balancing v2": "elasticloadbalancing", "IAM": "iam",
	"CloudWatch Logs": "logs",
}

// made are the calls of a run that changed something.
func (c *counter) made() stack.Calls {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := stack.Calls{}
	for name, times := range c.wrote {
		_, operation, _ := strings.Cut(name, " ")
		of, operation, _ := strings.Cut(operation, ":")
		made[service[of]+":"+operation] += times
	}
	return made
}

// Applying a plan makes exactly the calls that the plan lists: each operation, as often as listed.
func TestPlannedCallsAreTheCallsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "us-east-1", "eu-west-1")
		for _, change := range []struct{ name, settings string }{
			{"from nothing", ""},
			{"nothing to do", ""},
			{"tags, and the size of the group", "tags: {team: web}\ndefaults: {compute: {min: 3}}"},
			{"another tag instead", "tags: {unit: web}\ndefaults: {compute: {min: 3}}"},
			{"load balancer", "defaults: {lb: {drain: 40s, interval: 20s}}"},
			{"one NAT gateway", "defaults: {network: {nat: single}}"},
			{"instance type", "defaults: {network: {nat: single}, compute: {type: t3.small}}"},
			{"no endpoints", "defaults: {network: {nat: single}, endpoints: {s3: none, ssm: none}, compute: {type: t3.small}}"},
			{"flow logs", "defaults: {network: {flow_logs: {traffic: reject}}}"},
			{"records kept longer", "defaults: {network: {flow_logs: {traffic: reject, retention_days: 30}}}"},
			{"other traffic", "defaults: {network: {flow_logs: {traffic: all}}}"},
			{"another interval", "defaults: {network: {flow_logs: {traffic: all, interval: 1m}}}"},
			{"everything back", ""},
		} {
			w.settings(t, "version: 1\n"+change.settings+"\n")
			plan, err := w.plan(t.Context())
			if err != nil {
				t.Fatalf("%s: plan: %v", change.name, err)
			}
			want := stack.Calls{}
			for _, part := range plan.Parts() {
				for name, times := range part.Calls() {
					want[name] += times
				}
			}
			w.calls.reset()
			if _, err := w.up(t.Context()); err != nil {
				t.Fatalf("%s: up: %v", change.name, err)
			}
			if diff := cmp.Diff(want, w.calls.made()); diff != "" {
				t.Errorf("%s (-planned +made):\n%s", change.name, diff)
			}
		}
	})
}

// A removal's calls are known before it, too.
func TestPlannedRemovalCallsAreTheCallsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		if _, err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := stack.Calls{}
		err := w.run(t.Context(), func(s *stack.Stack) error {
			removal := s.PlanRemoval(t.Context(), true)
			for _, part := range removal.Parts() {
				for name, times := range part.Calls() {
					want[name] += times
				}
			}
			return removal.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		w.calls.reset()
		if err := w.down(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, w.calls.made()); diff != "" {
			t.Errorf("(-planned +made):\n%s", diff)
		}
		if want.Total() == 0 || !slices.IsSorted(want.Names()) || len(want.Names()) != len(slices.Collect(maps.Keys(want))) {
			t.Errorf("%d calls, named %v", want.Total(), want.Names())
		}
	})
}
