package graph

import (
	"maps"
	"sync"
)

// Ref is another resource of the same graph; its ID is known once the engine has found or created it.
type Ref struct {
	key Key
	ids *bindings
}

// Key names the resource.
func (r Ref) Key() Key { return r.key }

// ID is the resource's ID, or empty while it does not exist.
func (r Ref) ID() string { return r.ids.id(r.key) }

// Output is one of the resource's [Outputs], or empty while it does not exist.
func (r Ref) Output(name string) string { return r.ids.output(r.key, name) }

// String is the form that plans show: the ID, or the key of a resource that does not exist yet.
func (r Ref) String() string {
	if id := r.ID(); id != "" {
		return id
	}
	return string(r.key)
}

// Need is an edge of the graph: a step of one resource waits for another.
type Need struct {
	Key    Key
	Made   bool // enough that it exists; otherwise it must be ready
	Update bool // only changes with After set to Key wait; creation does not

	Heir bool // the engine sets it, see [Graph.HandsOver]; a resource does not
}

// Made is the need to have the resource's ID before creation.
func (r Ref) Made() Need { return Need{Key: r.key, Made: true} }

// Ready is the need to have the resource ready before creation.
func (r Ref) Ready() Need { return Need{Key: r.key} }

// ThenUpdate lets creation go ahead: only the changes that name the resource in After wait for it.
func (n Need) ThenUpdate() Need {
	n.Update = true
	return n
}

// bindings hold the known IDs and values of each resource of a graph. Nodes read and write it in parallel.
type bindings struct {
	mu      sync.RWMutex
	ids     map[Key]string
	outputs map[Key]map[string]string
}

func newBindings() *bindings {
	return &bindings{ids: map[Key]string{}, outputs: map[Key]map[string]string{}}
}

func (b *bindings) id(k Key) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.ids[k]
}

func (b *bindings) output(k Key, name string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.outputs[k][name]
}

func (b *bindings) bind(k Key, o Observed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids[k] = o.Ident().ID
	if out, ok := o.(Outputs); ok {
		b.outputs[k] = maps.Clone(out.Outputs())
	}
}

func (b *bindings) unbind(k Key) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ids, k)
	delete(b.outputs, k)
}
