package graph

import "slices"

// HandsOver is the edge of make before break: changes of the one resource that name the heir in After wait until the
// heir is as wanted and ready, as long as there is one. So a load balancer gives up a zone only when the Auto Scaling
// group has left it, although the group needs the load balancer for its creation: an heir that is yet to be created, or
// created again, has nothing to move, and is not waited for. It panics for a node that is not in the graph, and for an heir
// whose own changes wait for the resource.
//
// Deletions need no such edge: undesired resources are deleted when all desired ones are ready.
func (g *Graph) HandsOver(from, heir Ref) {
	for _, key := range []Key{from.key, heir.key} {
		if g.byKey[key] == nil {
			g.panicf("%s hands over to %s, and %s is not in the graph", from.key, heir.key, key)
		}
	}
	if g.changesWaitFor(heir.key, from.key, map[Key]bool{}) {
		g.panicf("%s can't hand over to %s, whose changes wait for it", from.key, heir.key)
	}
	g.heirs[from.key] = append(g.heirs[from.key], heir.key)
}

// changesWaitFor says whether a change of the one resource, which is there, may wait for the other.
func (g *Graph) changesWaitFor(key, other Key, seen map[Key]bool) bool {
	if key == other {
		return true
	}
	seen[key] = true
	for _, heir := range g.heirs[key] {
		if !seen[heir] && g.changesWaitFor(heir, other, seen) {
			return true
		}
	}
	return slices.ContainsFunc(g.Needs(key), func(need Need) bool {
		return need.Update && g.waitsFor(need, other, map[Need]bool{})
	})
}

// waitsFor says whether a need waits for changes of the other resource, which is there, at whatever remove. To be made, a
// resource waits for no change of its own, nor for those of what has only to be made for it.
func (g *Graph) waitsFor(need Need, other Key, seen map[Need]bool) bool {
	if need.Key == other {
		return !need.Made
	}
	seen[need] = true
	next := g.Needs(need.Key)
	if need.Made {
		next = slices.DeleteFunc(slices.Clone(next), func(n Need) bool { return n.Update })
	} else {
		for _, heir := range g.heirs[need.Key] {
			next = append(slices.Clone(next), Need{Key: heir, Heir: true})
		}
	}
	return slices.ContainsFunc(next, func(n Need) bool { return !seen[n] && g.waitsFor(n, other, seen) })
}
