package graph

import "context"

// Survey lists all resources of the graph's kinds that may carry the stack's name, of any owner, except those that no
// longer exist. It does not use the engine's journal, which may be lost.
func (e *Engine) Survey(ctx context.Context, g *Graph) ([]Step, error) {
	seen, err := e.listKinds(ctx, g.kinds, &Look{Owner: e.Owner})
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, k := range g.kinds {
		for _, o := range seen[k.kindName()] {
			phase, why := k.phase(o)
			i := o.Ident()
			steps = append(steps, Step{Key: i.Key(), Action: Keep, ID: i.ID, Observed: o, Phase: phase, Why: why})
		}
	}
	return steps, nil
}
