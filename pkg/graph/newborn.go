package graph

// Lacking is how a desired resource differs from one of which nothing is known: the fields that its creation sets, and those
// that an update sets after it. It tells the calls of a creation before there is a resource to compare with.
func (p *Plan) Lacking(key Key) []Change {
	if p.graph == nil { // it was not planned by an engine
		return nil
	}
	w, ok := p.graph.byKey[key]
	if !ok {
		return nil
	}
	return w.diff(w.nothing())
}

// Tags are what a wanted resource is to carry, for who asks about its creation before it is made; empty if it is not wanted.
func (p *Plan) Tags(key Key) map[string]string {
	if p.graph == nil || p.graph.byKey[key] == nil {
		return nil
	}
	return p.graph.byKey[key].tags().Want
}

func (e wishOf[O]) nothing() Observed {
	var o O
	return o
}
