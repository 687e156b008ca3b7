package stack_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
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

// A stack moves out of a zone, settles there, and does not move back.
func TestQuirksZoneThatIsLeft(t *testing.T) {
	for name, network := range map[string]string{"each zone has a NAT gateway": "nat: per-az", "one for all": "nat: single"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, "us-west-2")
				w.set(t, "network: {"+network+"}, compute: {min: 3, max: 6}")
				if _, err := w.up(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.set(t, "network: {"+network+", avoid_zones: [usw2-az1]}, compute: {min: 3, max: 6}")
				if _, err := w.up(t.Context()); err != nil {
					t.Fatal(err)
				}
				if zones := w.zones(t); len(zones) != 3 || zones["usw2-az1"] != 0 || zones["usw2-az4"] != 2 {
					t.Errorf("subnets by zone: %v", zones)
				}
				again, err := w.plan(t.Context())
				if err != nil || again.Changed() {
					t.Errorf("the next plan: %v, %v", differences(again), err)
				}
				w.set(t, "network: {"+network+"}, compute: {min: 3, max: 6}")
				if again, err = w.plan(t.Context()); err != nil || again.Changed() {
					t.Errorf("with the zone no longer avoided: %v, %v", differences(again), err)
				}
				if err := w.down(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
