package lb

import (
	"testing"

	"provision/pkg/graph"
	"provision/pkg/graph/graphtest"
)

// known are the things that exist in the tests of what is pure; "subnet/c", say, does not.
func known(t *testing.T) func(graph.Key) graph.Ref {
	t.Helper()
	thing := func(id string) graphtest.Thing { return graphtest.Thing{Identity: graph.Identity{ID: id}} }
	return graphtest.Refs(t, map[graph.Key]graphtest.Thing{
		"vpc":                thing("vpc-1"),
		"internet-gateway":   thing("igw-1"),
		"subnet/a":           thing("subnet-1"),
		"subnet/b":           thing("subnet-2"),
		"security-group/alb": thing("sg-1"),
		"load-balancer":      thing("arn:balancer"),
		"target-group":       thing("arn:targets"),
	})
}

// labels are the tags that the things in these tests want to have and have.
func labels() map[string]string { return map[string]string{"team": "platform"} }

func meta(key graph.Key) graph.Meta {
	return graph.Meta{Is: key, Labels: graph.Tags{Want: labels(), Drop: []string{"old"}}}
}
