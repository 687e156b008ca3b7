package config

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

func TestSubnetsOfTheDefaultNetwork(t *testing.T) {
	vpc := netip.MustParsePrefix("10.9.0.0/16")
	for zone, want := range []struct{ public, private string }{
		{"10.9.128.0/24", "10.9.0.0/20"},
		{"10.9.129.0/24", "10.9.16.0/20"},
		{"10.9.130.0/24", "10.9.32.0/20"},
		{"10.9.131.0/24", "10.9.48.0/20"},
		{"10.9.132.0/24", "10.9.64.0/20"},
		{"10.9.133.0/24", "10.9.80.0/20"},
	} {
		public, private, err := Subnets(vpc, zone)
		if err != nil {
			t.Fatal(err)
		}
		if public.String() != want.public || private.String() != want.private {
			t.Errorf("zone %d has %s and %s, want %s and %s", zone, public, private, want.public, want.private)
		}
	}
}

func TestSubnetsRefuseAZoneWithoutAPlace(t *testing.T) {
	for _, test := range []struct {
		vpc  string
		zone int
		want string
	}{
		{"10.9.0.0/16", 6, "zone number 7 has no place in 10.9.0.0/16, which holds 6"},
		{"10.9.0.0/24", 4, "zone number 5 has no place in 10.9.0.0/24, which holds 4"},
	} {
		_, _, err := Subnets(netip.MustParsePrefix(test.vpc), test.zone)
		if err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

func TestSubnetsNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits, block := rapid.IntRange(16, 24).Draw(t, "prefix"), rapid.IntRange(0, 255).Draw(t, "block")
		vpc := nth(netip.MustParsePrefix("10.0.0.0/8"), bits, block)
		var placed []netip.Prefix
		for zone := range Slots(vpc) {
			public, private, err := Subnets(vpc, zone)
			if err != nil {
				t.Fatal(err)
			}
			if private.Bits() > public.Bits() {
				t.Errorf("in %s the private subnet %s is smaller than the public one %s", vpc, private, public)
			}
			for _, subnet := range []netip.Prefix{public, private} {
				if !vpc.Contains(subnet.Addr()) || subnet != subnet.Masked() || subnet.Bits() > smallestSubnet {
					t.Errorf("%s is no subnet of %s that a load balancer takes", subnet, vpc)
				}
				for _, other := range placed {
					if subnet.Overlaps(other) {
						t.Errorf("%s overlaps %s in %s", subnet, other, vpc)
					}
				}
				placed = append(placed, subnet)
			}
		}
	})
}
