package network

import (
	"testing"

	"provision/pkg/graph"
	"provision/pkg/graph/graphtest"
	"provision/pkg/sandbox/sandboxtest"
)

var testOwner = sandboxtest.Owner

// existing gives references to things that have these IDs; the others do not exist.
func existing(t *testing.T, ids map[graph.Key]string) func(graph.Key) graph.Ref {
	t.Helper()
	things := map[graph.Key]graphtest.Thing{}
	for key, id := range ids {
		things[key] = graphtest.Thing{Identity: graph.Identity{ID: id}}
	}
	return graphtest.Refs(t, things)
}

func meta(key graph.Key) graph.Meta { return sandboxtest.Meta(key) }

func ownTags(key graph.Key) map[string]string { return meta(key).Labels.Want }
