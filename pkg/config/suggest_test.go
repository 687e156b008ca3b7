package config

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDidYouMean(t *testing.T) {
	for _, test := range []struct{ written, want string }{
		{"eu-west-1", `did you mean "eu-west-1"?`},
		{"eu-wset-1", `did you mean "eu-west-1"?`},
		{"euwest1", `did you mean "eu-west-1"?`},
		{"EU-WEST-1", `did you mean "eu-west-1"?`},
		{"atlantis", ""},
		{"", ""},
		{"a-name-that-is-far-longer-than-any-region-of-them-all", ""},
	} {
		if got := DidYouMean(test.written, KnownRegions()); got != test.want {
			t.Errorf("%q: got %s, want %s", test.written, got, test.want)
		}
	}
}

func TestDistance(t *testing.T) {
	words := rapid.StringMatching(`[abc]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		d := distance(a, b)
		if d != distance(b, a) || (d == 0) != (a == b) || d > max(len(a), len(b)) || d < len(a)-len(b) {
			t.Errorf("the distance of %q and %q is %d", a, b, d)
		}
	})
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"azs", "asz", 1},
		{"azs", "az", 1},
		{"azs", "azes", 1},
		{"azs", "axs", 1},
		{"regoins", "regions", 1},
		{"abc", "cab", 2},
	} {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("the distance of %q and %q is %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
