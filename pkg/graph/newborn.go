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

func (e wishOf[O]) nothing() Observed {
	var o O
	return o
}
