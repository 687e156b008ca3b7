package stack_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/integration/witness"
	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// set writes the settings that the next run works with.
func (w *world) set(t *testing.T, defaults string) {
	t.Helper()
	if w.file == "" {
		w.file = filepath.Join(t.TempDir(), "provision.yaml")
	}
	if err := os.WriteFile(w.file, []byte("version: 1\ndefaults: {"+defaults+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// zones are those that have a subnet, in a region.
func (w *world) zones(t *testing.T) map[string]int {
	t.Helper()
	found, err := ec2.NewFromConfig(w.config()).DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{})
	if err != nil {
		t.Fatal(err)
	}
	zones := map[string]int{}
	for _, subnet := range found.Subnets {
		zones[aws.ToString(subnet.AvailabilityZoneId)]++
	}
	return zones
}

// A zone that takes no NAT gateway, or no load balancer, stops the run with the way out, which works on what is there.
func TestQuirksZoneThatRefuses(t *testing.T) {
	for name, settings := range map[string]string{"NAT gateways": "nat: per-az", "load balancers": "nat: none"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Constrained: []string{"usw2-az2"}}, "us-west-2")
				w.set(t, "network: {"+settings+"}")
				_, err := w.up(t.Context())
				next := cloud.Advice(err)
				if err == nil || !strings.Contains(next, "network.avoid_zones") {
					t.Fatalf("up in a zone that refuses: %v; next: %s", err, next)
				}
				w.set(t, "network: {"+settings+", avoid_zones: [usw2-az2]}")
				if _, err := w.up(t.Context()); err != nil {
					t.Fatal(err)
				}
				if zones := w.zones(t); len(zones) != 3 || zones["usw2-az2"] != 0 || zones["usw2-az4"] != 2 {
					t.Errorf("subnets by zone: %v", zones)
				}
				if err := w.down(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A stack that serves moves out of a zone in two runs, into the new one and then out of the old one, and loses no target on
// the way; to do both in one run is refused with these two as the way out. It settles there, and does not move back.
func TestQuirksZoneThatIsLeft(t *testing.T) {
	for name, network := range map[string]string{"each zone has a NAT gateway": "nat: per-az", "one for all": "nat: single"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				seen := witness.New("provision-web")
				w := newWorld(t, sandbox.Options{Watch: seen.Watch}, "us-west-2")
				set := func(more string) { w.set(t, "network: {"+network+more+"}, compute: {min: 4, max: 8}") }
				set("")
				mustUp(t, w)
				time.Sleep(settle)
				before := w.left(t)

				set(", avoid_zones: [usw2-az1]")
				_, err := w.up(t.Context())
				refused, ok := errors.AsType[*compute.ZonesError](err)
				if !ok || !slices.Equal(refused.Left, []string{"usw2-az1"}) || !slices.Equal(refused.Entered, []string{"usw2-az4"}) ||
					!strings.Contains(refused.Next(), "raise network.azs to 4 ") || w.left(t) != before {
					t.Fatalf("a move in one run: %v", err)
				}
				for _, step := range []string{", azs: 4", ", azs: 3, avoid_zones: [usw2-az1]"} {
					set(step)
					var promise witness.Promise
					must(t, w.run(t.Context(), func(s *stack.Stack) error {
						plan := s.Plan(t.Context())
						promise = witness.Announced(plan.Regions[0].Effects)
						seen.Start()
						return s.Apply(t.Context(), plan).Err()
					}))
					time.Sleep(settle)
					again, err := w.plan(t.Context())
					if err != nil || again.Changed() {
						t.Errorf("%s: the next plan: %v, %v", step, differences(again), err)
					}
					for _, breach := range seen.Breaches("us-west-2", promise) {
						t.Errorf("%s: %s", step, breach)
					}
				}
				if zones := w.zones(t); len(zones) != 3 || zones["usw2-az1"] != 0 || zones["usw2-az4"] != 2 {
					t.Errorf("subnets by zone: %v", zones)
				}
				set("")
				if again, err := w.plan(t.Context()); err != nil || again.Changed() {
					t.Errorf("with the zone no longer avoided: %v, %v", differences(again), err)
				}
				if err := w.down(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
