// Package graphtest helps packages of resources to test them without a cloud: with references to resources that exist
// or do not, and a journal in memory.
package graphtest

import (
	"context"
	"testing"

	"provision/pkg/graph"
)

// Thing is an observed resource of any kind.
type Thing struct {
	graph.Identity
	Out map[string]string
}

// Outputs implements [graph.Outputs].
func (o Thing) Outputs() map[string]string { return o.Out }

var owner = graph.Owner{Stack: "test", ID: "owner"}

// Refs returns references as the engine passes them to a resource: the things exist, and any other key does not.
func Refs(t testing.TB, things map[graph.Key]Thing) func(graph.Key) graph.Ref {
	t.Helper()
	g := graph.New("test")
	added := map[string]bool{}
	for key := range things {
		if !added[key.Kind()] {
			graph.AddKind(g, kind{name: key.Kind(), things: things})
			added[key.Kind()] = true
		}
	}
	for key, thing := range things {
		thing.Tags = map[string]string{
			graph.TagStack: owner.Stack, graph.TagOwner: owner.ID, graph.TagKey: string(key),
		}
		k := kind{name: key.Kind(), things: things}
		graph.Add(g, wish{kind: k, Meta: graph.Meta{Is: key}})
		things[key] = thing
	}
	engine := graph.Engine{Owner: owner, Journal: &Memory{}}
	if _, err := engine.Plan(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	return g.Ref
}

// kind lists its share of the things.
type kind struct {
	name   string
	things map[graph.Key]Thing
}

func (k kind) Kind() string                      { return k.name }
func (kind) Phase(Thing) (graph.Phase, string)   { return graph.Ready, "" }
func (kind) Delete(context.Context, Thing) error { return nil }
func (kind) Pace() graph.Pace                    { return graph.Pace{} }
func (k kind) List(context.Context, *graph.Look) ([]Thing, error) {
	var all []Thing
	for key, thing := range k.things {
		if key.Kind() == k.name {
			all = append(all, thing)
		}
	}
	return all, nil
}

// wish is the resource whose desired state is the thing as it is.
type wish struct {
	kind
	graph.Meta
}

func (wish) Needs() []graph.Need                                                { return nil }
func (wish) Diff(Thing) []graph.Change                                          { return nil }
func (wish) Create(context.Context, graph.Claim) (Thing, error)                 { return Thing{}, nil }
func (wish) Update(_ context.Context, o Thing, _ []graph.Change) (Thing, error) { return o, nil }
