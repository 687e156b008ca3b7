package graph

import "time"

// callWeight stands for a round trip next to the cloud's own waits.
const callWeight = 100 * time.Millisecond

// weigher returns the least time that a node takes on its own.
type weigher func(Key) time.Duration

// usual weighs every node as if the run had to create it.
func (g *Graph) usual(key Key) time.Duration {
	if w := g.byKey[key]; w != nil {
		return callWeight + w.pace().Usual
	}
	return callWeight
}

// left weighs the work that the plan leaves.
func (p *Plan) left() weigher {
	busy := map[Key]bool{}
	for _, s := range p.Steps {
		busy[s.Key] = s.Action != Keep
	}
	return func(key Key) time.Duration {
		if !busy[key] {
			return 0
		}
		return p.graph.usual(key)
	}
}

// held is for how long a node holds up those that need it.
func (w weigher) held(need Need) time.Duration {
	if need.Made {
		return min(w(need.Key), callWeight)
	}
	return w(need.Key)
}

// paths are the least times that each desired node and its dependents take: the run starts the longest first.
func (g *Graph) paths(weigh weigher) map[Key]time.Duration {
	type edge struct {
		by   Key
		need Need
	}
	dependents := map[Key][]edge{}
	for _, w := range g.wishes {
		for _, need := range w.needs() {
			dependents[need.Key] = append(dependents[need.Key], edge{w.Key(), need})
		}
	}
	paths := map[Key]time.Duration{}
	var walk func(Key) time.Duration
	walk = func(key Key) time.Duration {
		if path, known := paths[key]; known {
			return path
		}
		path := weigh(key)
		for _, d := range dependents[key] {
			path = max(path, weigh.held(d.need)+walk(d.by))
		}
		paths[key] = path
		return path
	}
	for _, w := range g.wishes {
		walk(w.Key())
	}
	return paths
}

// slacks are by how much each desired node is off the longest path.
func (g *Graph) slacks(weigh weigher) map[Key]time.Duration {
	starts := map[Key]time.Duration{}
	var start func(Key) time.Duration
	start = func(key Key) time.Duration {
		begin, known := starts[key]
		if known {
			return begin
		}
		for _, need := range g.Needs(key) {
			begin = max(begin, start(need.Key)+weigh.held(need))
		}
		starts[key] = begin
		return begin
	}
	paths, longest := g.paths(weigh), time.Duration(0)
	for _, path := range paths {
		longest = max(longest, path)
	}
	slacks := map[Key]time.Duration{}
	for _, w := range g.wishes {
		slacks[w.Key()] = longest - start(w.Key()) - paths[w.Key()]
	}
	return slacks
}

// leaveSlacks are by how much sooner each resource is deleted than the slowest.
func leaveSlacks(things []doomed) map[Key]time.Duration {
	var longest time.Duration
	for _, thing := range things {
		longest = max(longest, thing.kind.pace().Leave)
	}
	slacks := map[Key]time.Duration{}
	for _, thing := range things {
		slacks[thing.key] = longest - thing.kind.pace().Leave
	}
	return slacks
}
