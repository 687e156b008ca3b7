package config

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The golden file is the promise to stacks that run: lines may be added to it, never changed.
func TestRegionIndexIsAppendOnly(t *testing.T) {
	golden, err := os.ReadFile(filepath.Join("testdata", "regions.golden"))
	if err != nil {
		t.Fatal(err)
	}
	promised := map[string]int{}
	for line := range strings.Lines(string(golden)) {
		var region string
		var index int
		if _, err := fmt.Sscan(line, &index, &region); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		promised[region] = index
	}
	if diff := cmp.Diff(promised, regionIndex); diff != "" {
		t.Errorf("regions.golden and the table differ (-golden +table):\n%s", diff)
	}
}

func TestRegionIndexesAreUnique(t *testing.T) {
	seen := map[int]string{}
	for region, index := range regionIndex {
		if other := seen[index]; other != "" {
			t.Errorf("%s and %s share index %d", region, other, index)
		}
		seen[index] = region
	}
}

func TestRegionsNeverShareAddresses(t *testing.T) {
	regions := rapid.SampledFrom(KnownRegions())
	rapid.Check(t, func(t *rapid.T) {
		supernet := netip.PrefixFrom(netip.MustParseAddr("10.0.0.0"), rapid.IntRange(8, 16).Draw(t, "supernet"))
		bits := rapid.IntRange(16, 24).Draw(t, "prefix")
		a, b := regions.Draw(t, "a"), regions.Draw(t, "b")
		first, errA := regionCIDR(supernet, bits, a)
		second, errB := regionCIDR(supernet, bits, b)
		for _, block := range []netip.Prefix{first, second} {
			if block.IsValid() && (!supernet.Contains(block.Addr()) || block.Bits() != bits) {
				t.Errorf("%s is no /%d of %s", block, bits, supernet)
			}
		}
		if errA == nil && errB == nil && a != b && first.Overlaps(second) {
			t.Errorf("%s has %s and %s has %s", a, first, b, second)
		}
	})
}

func TestPartition(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1": "aws", "us-gov-west-1": "aws-us-gov", "cn-north-1": "aws-cn", "eusc-de-east-1": "aws-eusc",
	} {
		if got := Partition(region); got != want {
			t.Errorf("%s is in %s, want %s", region, got, want)
		}
	}
}
