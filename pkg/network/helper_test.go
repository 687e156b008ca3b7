package network

import (
	"testing"

	"provision/pkg/graph"
	"provision/pkg/graph/graphtest"
)

var testOwner = graph.Owner{Stack: "web", ID: "01JTESTOWNER00000000000000"}

// existing gives references to things that have these IDs; the others do not exist.
func existing(t *testing.T, ids map[graph.Key]string) func(graph.Key) graph.Ref {
	t.Helper()
	things := map[graph.Key]graphtest.Thing{}
	for key, id := range ids {
		things[key] = graphtest.Thing{Identity: graph.Identity{ID: id}}
	}
	return graphtest.Refs(t, things)
}

func ownTags(key graph.Key) map[string]string {
	return map[string]string{
		graph.TagName: testOwner.Stack + "-" + string(key), graph.TagStack: testOwner.Stack,
		graph.TagOwner: testOwner.ID, graph.TagKey: string(key),
	}
}

func meta(key graph.Key) graph.Meta {
	return graph.Meta{Is: key, Labels: graph.Tags{Want: ownTags(key)}}
}
