package network

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"provision/pkg/graph"
)

var testOwner = graph.Owner{Stack: "web", ID: "01JTESTOWNER00000000000000"}

// known is a resource that exists already, for others to refer to.
type known struct {
	graph.Meta
	kind string
	all  []graph.Identity
}

func (k known) Kind() string { return k.kind }
func (k known) List(context.Context, *graph.Sweep) ([]graph.Identity, error) { return k.all, nil }

func (known) Phase(graph.Identity) (graph.Phase, string)                        { return graph.Ready, "" }
func (known) Delete(context.Context, graph.Identity) error                      { return nil }
func (known) Pace() graph.Pace                                                  { return graph.Pace{} }
func (known) Needs() []graph.Need                                               { return nil }
func (known) Diff(graph.Identity) []graph.Change                                { return nil }
func (known) Create(context.Context, graph.Claim) (o graph.Identity, err error) { return o, nil }
func (known) Update(_ context.Context, o graph.Identity, _ []graph.Change) (graph.Identity, error) {
	return o, nil
}

// existing is a graph in which the keys have IDs; a key without one is wanted but not there.
func existing(t *testing.T, ids map[graph.Key]string) *graph.Graph {
	t.Helper()
	g := graph.New("eu-west-1")
	kinds := map[string][]graph.Identity{}
	for key, id := range ids {
		of := kinds[key.Kind()]
		if id != "" {
			of = append(of, graph.Identity{ID: id, Tags: ownTags(key)})
		}
		kinds[key.Kind()] = of
	}
	for kind, all := range kinds {
		graph.AddKind(g, known{kind: kind, all: all})
	}
	for _, key := range slices.Sorted(maps.Keys(ids)) {
		graph.Add(g, known{Meta: graph.Meta{Is: key}, kind: key.Kind(), all: kinds[key.Kind()]})
	}
	engine := &graph.Engine{Owner: testOwner, Journal: &memory{}}
	if _, err := engine.Plan(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	return g
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

// memory is a journal that survives nothing.
type memory struct {
	mu      sync.Mutex
	entries map[graph.Key]graph.Entry
}

func (m *memory) Entries() []graph.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.entries))
}

func (m *memory) Claim(_ context.Context, claims []graph.Claim) error {
	for _, c := range claims {
		m.set(c.Key, graph.Entry{Key: c.Key, Nonce: c.Nonce})
	}
	return nil
}

func (m *memory) Bind(key graph.Key, id string) error {
	m.set(key, graph.Entry{Key: key, ID: id})
	return nil
}

func (m *memory) set(key graph.Key, e graph.Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries == nil {
		m.entries = map[graph.Key]graph.Entry{}
	}
	m.entries[key] = e
}

func (m *memory) Forget(key graph.Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, key)
	return nil
}

func (m *memory) Flush(context.Context) error { return nil }
