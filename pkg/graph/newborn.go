package graph

// Lacking is how a wanted resource differs from one of which nothing is known: what its creation says, and what is
// still to be changed after it. It is for telling what a creation takes, before there is anything to compare with.
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
