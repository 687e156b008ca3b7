package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTagsDiff(t *testing.T) {
	tags := Tags{Want: map[string]string{"team": "web", "tier": "1"}, Drop: []string{"old"}}
	for name, c := range map[string]struct {
		have map[string]string
		want []Change
	}{
		"as wanted":           {map[string]string{"team": "web", "tier": "1"}, nil},
		"others' are left":    {map[string]string{"team": "web", "tier": "1", "cost": "42"}, nil},
		"one is missing":      {map[string]string{"team": "web"}, []Change{{Field: "tag tier", To: "1"}}},
		"one has other text":  {map[string]string{"team": "db", "tier": "1"}, []Change{{Field: "tag team", From: "db", To: "web"}}},
		"one is empty":        {map[string]string{"team": "", "tier": "1"}, []Change{{Field: "tag team", To: "web"}}},
		"one is to be gone":   {map[string]string{"team": "web", "tier": "1", "old": "x"}, []Change{{Field: "tag old", From: "x"}}},
		"none is there":       {nil, []Change{{Field: "tag team", To: "web"}, {Field: "tag tier", To: "1"}}},
		"all that can differ": {map[string]string{"old": "x", "team": "db"}, []Change{{Field: "tag team", From: "db", To: "web"}, {Field: "tag tier", To: "1"}, {Field: "tag old", From: "x"}}},
	} {
		if diff := cmp.Diff(c.want, tags.Diff(c.have)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	wanted := Tags{Want: map[string]string{"note": ""}}
	if diff := cmp.Diff([]Change{{Field: "tag note"}}, wanted.Diff(nil)); diff != "" {
		t.Errorf("a wanted tag without a text, which is missing (-want +got):\n%s", diff)
	}
}

func TestTagsApply(t *testing.T) {
	tags := Tags{Want: map[string]string{"team": "web"}, Drop: []string{"old"}}
	have := map[string]string{"team": "db", "old": "x", "cost": "42"}
	now, set, remove := tags.Apply(have, append(tags.Diff(have), Change{Field: "size", From: "1", To: "2"}))
	if diff := cmp.Diff(map[string]string{"team": "web", "cost": "42"}, now); diff != "" {
		t.Errorf("now (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"team": "web"}, set); diff != "" {
		t.Errorf("set (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"old"}, remove); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"team": "db", "old": "x", "cost": "42"}, have); diff != "" {
		t.Errorf("what was there is changed (-want +got):\n%s", diff)
	}
	if now, _, _ := tags.Apply(nil, tags.Diff(nil)); now["team"] != "web" {
		t.Errorf("on a resource without tags: %v", now)
	}
}

func TestHas(t *testing.T) {
	changes := []Change{{Field: "size"}, {Field: "route 0.0.0.0/0"}}
	for field, want := range map[string]bool{
		"size": true, "siz": false, "size ": false, "route ": true, "route": false, "route 0.0.0.0/0": true, "tag ": false, "": false,
	} {
		if got := Has(changes, field); got != want {
			t.Errorf("Has(%q) = %t, want %t", field, got, want)
		}
	}
}
