package main

import (
	"strings"
	"testing"

	"provision/pkg/graph"
	"provision/pkg/stack"
)

// The limit of guard.max_destroy counts what is deleted and what is replaced, and --max-destroy takes its place, also
// with none.
func TestTheLimitRefuses(t *testing.T) {
	region := graph.Plan{Steps: []graph.Step{
		{Key: "vpc", Action: graph.Delete},
		{Key: "alb", Action: graph.Replace},
		{Key: "subnet/a", Action: graph.Create},
		{Key: "subnet/b", Action: graph.Update},
		{Key: "subnet/c", Action: graph.Keep},
	}}
	plan := &stack.Plan{Regions: []*stack.Part{{Region: "eu-west-1", Plan: &region}}} // two go
	typed := func(limit int) *int { return &limit }
	for _, c := range []struct {
		name    string
		limit   int
		typed   *int
		refused string
	}{
		{name: "no limit"},
		{name: "fewer than the settings allow", limit: 3},
		{name: "as many as the settings allow", limit: 2},
		{name: "more than the settings allow", limit: 1, refused: "guard.max_destroy allows 1"},
		{name: "the option allows more", limit: 1, typed: typed(2)},
		{name: "the option allows less", limit: 9, typed: typed(1), refused: "--max-destroy allows 1"},
		{name: "the option allows none", typed: typed(0), refused: "--max-destroy allows 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := (limit{c.limit, c.typed}).refuse(plan)
			if (err == nil) != (c.refused == "") {
				t.Fatalf("refuse() = %v, want a refusal: %t", err, c.refused != "")
			}
			if err != nil && !(strings.Contains(err.Error(), "delete, replace or end 2 resources") && strings.Contains(err.Error(), c.refused)) {
				t.Errorf("refuse() = %v, want %q of 2", err, c.refused)
			}
		})
	}
}
