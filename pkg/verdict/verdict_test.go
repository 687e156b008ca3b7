package verdict

import (
	"testing"

	"pgregory.net/rapid"
)

func TestJudge(t *testing.T) {
	well := Seen{Compared: true, Resource: 30, Serves: true, Asked: true, Wanted: 2, Healthy: 2}
	but := func(change func(*Seen)) Seen {
		s := well
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		seen Seen
		want Verdict
		code int
	}{
		"nothing was read":               {Seen{}, Unknown, 1},
		"well":                           {well, AsWanted, 0},
		"the role, which serves nothing": {Seen{Compared: true, Resource: 2}, AsWanted, 0},
		"health was not asked":           {but(func(s *Seen) { s.Asked, s.Healthy = false, 0 }), Unknown, 1},
		"one of two":                     {but(func(s *Seen) { s.Healthy = 1 }), Unhealthy, 7},
		"one of two, and one starts":     {but(func(s *Seen) { s.Healthy, s.Starting = 1, 1 }), Starting, 7},
		"two of two, one process off":    {but(func(s *Seen) { s.Suspended = true }), Unhealthy, 7},
		"something differs":              {but(func(s *Seen) { s.Changes = 1 }), Differing, 2},
		"others changed something":       {but(func(s *Seen) { s.Reported = 1 }), Differing, 2},
		"differs and is unhealthy":       {but(func(s *Seen) { s.Changes, s.Healthy = 1, 0 }), Unhealthy, 7},
		"a NAT gateway is pending":       {but(func(s *Seen) { s.Pending = 1 }), Starting, 7},
		"nothing is there":               {Seen{Compared: true, Resource: 30, Missing: 30, Changes: 30, Serves: true, Wanted: 2}, NotThere, 2},
		"nothing of it, and another's":   {Seen{Compared: true, Resource: 30, Missing: 30, Changes: 30, Serves: true, Foreign: true}, Foreign, 2},
		"surplus targets are no ill":     {but(func(s *Seen) { s.Healthy = 6 }), AsWanted, 0},
		"more missing than starting":     {but(func(s *Seen) { s.Wanted, s.Healthy, s.Starting = 4, 1, 1 }), Unhealthy, 7},
	} {
		t.Run(name, func(t *testing.T) {
			got := Judge(c.seen)
			if got != c.want || got.Code() != c.code {
				t.Errorf("%s, exit code %d, instead of %s, %d", got, got.Code(), c.want, c.code)
			}
		})
	}
}

// Good news needs everything to have been read, whatever else holds.
func TestGoodNewsIsNeverAGuess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 3)
		flag := rapid.Bool()
		s := Seen{
			Compared: flag.Draw(t, "compared"), Resource: count.Draw(t, "resources"), Missing: count.Draw(t, "missing"),
			Changes: count.Draw(t, "changes"), Reported: count.Draw(t, "reported"), Pending: count.Draw(t, "pending"), Foreign: flag.Draw(t, "foreign"),
			Serves: flag.Draw(t, "serves"), Asked: flag.Draw(t, "asked"), Wanted: count.Draw(t, "wanted"),
			Healthy: count.Draw(t, "healthy"), Starting: count.Draw(t, "starting"), Suspended: flag.Draw(t, "suspended"),
		}
		if Judge(s) != AsWanted {
			return
		}
		if !s.Compared || s.Changes > 0 || s.Reported > 0 || s.Foreign || s.Serves && (!s.Asked || s.Healthy < s.Wanted || s.Suspended) {
			t.Errorf("as wanted: %+v", s)
		}
	})
}

func TestCodesOfSeveral(t *testing.T) {
	for _, c := range []struct {
		all  []Verdict
		want int
	}{
		{nil, 1},
		{[]Verdict{AsWanted, AsWanted}, 0},
		{[]Verdict{AsWanted, Differing}, 2},
		{[]Verdict{Differing, Unhealthy, AsWanted}, 7},
		{[]Verdict{Unhealthy, Unknown}, 1},
		{[]Verdict{NotThere, AsWanted}, 2},
		{[]Verdict{"a word that nobody knows"}, 1},
	} {
		if got := Code(c.all...); got != c.want {
			t.Errorf("%v: exit code %d instead of %d", c.all, got, c.want)
		}
	}
	if Worst() != Unknown {
		t.Errorf("the worst of nothing is %s", Worst())
	}
	symbols := map[string]Verdict{}
	for _, v := range All() {
		if other, taken := symbols[v.Symbol()]; taken {
			t.Errorf("%s and %s have the same symbol", v, other)
		}
		symbols[v.Symbol()] = v
		if v.Tone() == Good && v != AsWanted {
			t.Errorf("%s is green", v)
		}
	}
}
