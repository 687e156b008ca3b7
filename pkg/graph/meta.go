package graph

// Meta is the part of a resource that all of them share. Resources embed it.
type Meta struct {
	Is     Key
	Labels Tags
}

// Key implements [Resource].
func (m Meta) Key() Key { return m.Is }

// Tags implements [Resource].
func (m Meta) Tags() Tags { return m.Labels }
