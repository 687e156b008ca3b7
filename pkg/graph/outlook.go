package graph

import (
	"slices"
	"time"
)

// Outlook is what one step of a plan will take: progress is shown, and its end estimated, by it.
type Outlook struct {
	Key   Key
	Usual time.Duration // from the call until it is done, as a rule; zero for what is done at once
	After []Key         // the steps that it waits for
	Idle  bool          // there is nothing to do
}

// Keys are the plan's wanted resources, in its order.
func (p *Plan) Keys() []Key { return p.graph.Keys() }

// Needs are the edges of one of them.
func (p *Plan) Needs(key Key) []Need { return p.graph.Needs(key) }

// Kinds are those that were looked for, wanted or not.
func (p *Plan) Kinds() []string {
	kinds := make([]string, 0, len(p.graph.kinds))
	for _, k := range p.graph.kinds {
		kinds = append(kinds, k.kindName())
	}
	return kinds
}

// Outlook of all steps of the plan, in their order. Removals wait for everything else.
func (p *Plan) Outlook() []Outlook {
	var all []Outlook
	var made []Key
	for _, s := range p.Steps {
		k := p.graph.kind(s.Key.Kind())
		if s.Action == Delete {
			all = append(all, Outlook{Key: s.Key, Usual: k.pace().leaves(), After: made})
			continue
		}
		made = append(made, s.Key)
		o := Outlook{Key: s.Key, Idle: s.Action == Keep}
		if s.Action == Create || s.Action == Replace || s.Action == Wait {
			o.Usual = k.pace().takes()
		}
		for _, need := range p.graph.Needs(s.Key) {
			o.After = append(o.After, need.Key)
		}
		all = append(all, o)
	}
	return all
}

// Outlook of all steps of the removal.
func (r *Removal) Outlook() []Outlook {
	all := make([]Outlook, 0, len(r.Steps))
	for _, s := range r.Steps {
		k := r.graph.kind(s.Key.Kind())
		o := Outlook{Key: s.Key}
		if k.goesWith() == "" {
			o.Usual = k.pace().leaves()
		}
		for _, other := range r.Steps {
			if slices.Contains(r.graph.after[k.kindName()], other.Key.Kind()) {
				o.After = append(o.After, other.Key)
			}
		}
		all = append(all, o)
	}
	return all
}

func (p Pace) takes() time.Duration { return max(p.Usual, p.Typical) }

func (p Pace) leaves() time.Duration { return max(p.Leave, p.TypicalLeave) }
