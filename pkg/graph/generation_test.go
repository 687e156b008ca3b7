package graph

import "testing"

// Two generations exist at the same time if one of the changes that need the replacement tells them apart.
func TestWhichGenerationGoesFirst(t *testing.T) {
	for name, c := range map[string]struct {
		changes []Change
		first   bool // the new one is created before the old one is deleted
	}{
		"no replacement":                     {[]Change{{Field: "a"}}, false},
		"another name":                       {[]Change{{Field: "a", Replace: "fixed"}}, true},
		"what only one can have":             {[]Change{{Field: "a", Replace: "fixed", Alone: true}}, false},
		"that, and another name":             {[]Change{{Field: "a", Replace: "fixed", Alone: true}, {Field: "b", Replace: "fixed"}}, true},
		"that, and a change made in place":   {[]Change{{Field: "a", Replace: "fixed", Alone: true}, {Field: "b"}}, false},
		"two things that only one can have":  {[]Change{{Field: "a", Replace: "x", Alone: true}, {Field: "b", Replace: "x", Alone: true}}, false},
		"alone is nothing without a replace": {[]Change{{Field: "a", Alone: true}}, false},
	} {
		if got := distinct(c.changes); got != c.first {
			t.Errorf("%s: the new one first: %t", name, got)
		}
	}
}
