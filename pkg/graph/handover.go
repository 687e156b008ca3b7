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
		return need.Update && g.waitsFor(need.Key, other, map[Key]bool{})
	})
}

// waitsFor says whether the one resource, which may have to be created, waits for the other at whatever remove.
func (g *Graph) waitsFor(key, other Key, seen map[Key]bool) bool {
	if key == other {
		return true
	}
	seen[key] = true
	next := slices.Clone(g.heirs[key])
	for _, need := range g.Needs(key) {
		next = append(next, need.Key)
	}
	return slices.ContainsFunc(next, func(k Key) bool { return !seen[k] && g.waitsFor(k, other, seen) })
}
