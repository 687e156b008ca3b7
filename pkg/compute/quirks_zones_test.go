package compute_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/compute"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// AWS no longer expands some zones: they are taken last, and only as far as a region has too few others.
func TestQuirksConstrainedZonesAreTakenLast(t *testing.T) {
	for name, tc := range map[string]struct {
		wish compute.ZoneWish
		want []string
		err  string
	}{
		"others first":        {wish: compute.ZoneWish{Least: 2, Most: 3}, want: []string{"use1-az1", "use1-az2", "use1-az4"}},
		"no more than needed": {wish: compute.ZoneWish{Least: 2, Most: 6}, want: []string{"use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"}},
		"as many as are needed": {
			wish: compute.ZoneWish{Least: 6, Most: 6},
			want: []string{"use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6", "use1-az3"},
		},
		"the settings name it": {
			wish: compute.ZoneWish{Least: 2, Most: 2, Given: []string{"use1-az3", "use1-az6"}}, want: []string{"use1-az3", "use1-az6"},
		},
		"one to avoid": {
			wish: compute.ZoneWish{Least: 2, Most: 3, Avoid: []string{"use1-az1"}}, want: []string{"use1-az2", "use1-az4", "use1-az5"},
		},
		"one to leave": {
			wish: compute.ZoneWish{
				Least: 2, Most: 3, Avoid: []string{"use1-az2"}, Recorded: []string{"use1-az1", "use1-az2", "use1-az4"},
			},
			want: []string{"use1-az1", "", "use1-az4", "use1-az5"},
		},
		"a place that is free again": {
			wish: compute.ZoneWish{
				Least: 2, Most: 3, Avoid: []string{"use1-az4"}, Recorded: []string{"use1-az1", "", "use1-az4", "use1-az5"},
			},
			want: []string{"use1-az1", "use1-az2", "", "use1-az5"},
		},
		"a place that is not": {
			wish: compute.ZoneWish{
				Least: 2, Most: 3, Avoid: []string{"use1-az4"}, Recorded: []string{"use1-az1", "", "use1-az4", "use1-az5"},
				Taken: func(slot int) bool { return slot == 1 },
			},
			want: []string{"use1-az1", "", "", "use1-az5", "use1-az2"},
		},
		"no place": {
			wish: compute.ZoneWish{
				Least: 3, Most: 3, Avoid: []string{"use1-az4"}, Recorded: []string{"use1-az1", "use1-az2", "use1-az4"}, Slots: 3,
			},
			err: "the VPC has no place left",
		},
		"a zone that the region lacks": {
			wish: compute.ZoneWish{Least: 2, Most: 2, Given: []string{"use1-az1", "use1-az9"}},
			err:  "network.zones names use1-az9, which the region does not have for this account",
		},
		"all are avoided": {
			wish: compute.ZoneWish{Least: 6, Most: 6, Avoid: []string{"use1-az1"}}, err: "use1-az1 must be avoided",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				box := sandboxtest.New(t, sandbox.Options{}).Sandbox
				api := ec2.New(ec2.Options{
					Region: "us-east-1", HTTPClient: box, Credentials: credentials.NewStaticCredentialsProvider("AKIA", "sandbox", ""),
				})
				tc.wish.InstanceType = "t2.micro" // which the constrained zone offers, too
				if tc.wish.Slots == 0 {
					tc.wish.Slots = 6
				}
				got, err := compute.ChooseZones(t.Context(), api, tc.wish)
				switch {
				case tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)):
					t.Errorf("got %v, want %q", err, tc.err)
				case tc.err == "" && err != nil:
					t.Error(err)
				case !slices.Equal(got, tc.want):
					t.Errorf("got %q, want %q", got, tc.want)
				}
			})
		})
	}
}
