package access

import (
	"testing"

	"provision/pkg/graph"
	"provision/pkg/graph/graphtest"
)

func labels() map[string]string { return map[string]string{"team": "platform"} }

func meta(key graph.Key) graph.Meta {
	return graph.Meta{Is: key, Labels: graph.Tags{Want: labels(), Drop: []string{"old"}}}
}

// known has one role that exists.
func known(t *testing.T) func(graph.Key) graph.Ref {
	t.Helper()
	return graphtest.Refs(t, map[graph.Key]graphtest.Thing{"iam-role": {Identity: graph.Identity{ID: "provision-web"}}})
}
