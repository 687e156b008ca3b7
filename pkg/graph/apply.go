package graph

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// run is one application of a plan.
type run struct {
	*Engine
	graph    *Graph
	nodes    map[Key]*progress
	removals map[named]removing
	batches  map[string]*batch
	claims   map[Key]Claim
	watch    *watch
	limit    *limiter
	paths    map[Key]time.Duration

	slacks   map[Key]time.Duration
	started  time.Time
	replaced atomic.Bool // something failed and was made anew
}

// progress is how far a node is. err may be read once done is closed.
type progress struct {
	made chan struct{}
	done chan struct{}
	once sync.Once
	err  error
}

// Apply makes the region as the plan says. Each node starts as soon as what it needs is there; a failed node blocks
// those that need it, and the others finish. The plan is durable, with one nonce for each creation, before the first
// call that changes anything.
//
// When something failed after others had built on it, and was made anew, those may have gone with it, as listeners do
// with their load balancer: then Apply looks again, and makes what is missing.
func (e *Engine) Apply(ctx context.Context, plan *Plan) error {
	replaced, err := e.applyOnce(ctx, plan)
	for again := 0; replaced && err == nil && again < maxReplaced; again++ {
		if plan, err = e.Plan(ctx, plan.graph); err == nil {
			replaced, err = e.applyOnce(ctx, plan)
		}
	}
	return errors.Join(err, e.Journal.Flush(context.WithoutCancel(ctx)))
}

// applyOnce also says whether something was made anew.
func (e *Engine) applyOnce(ctx context.Context, plan *Plan) (replaced bool, err error) {
	if refused := plan.Refused(); len(refused) > 0 {
		return false, &RefusedError{Region: plan.Region, Steps: refused}
	}
	r := e.newRun(plan.graph)
	r.slacks = plan.graph.slacks(plan.left())
	if err := r.claimAll(ctx, plan); err != nil {
		return false, fmt.Errorf("%s: record the plan: %w", plan.Region, err)
	}
	err = r.converge(ctx, plan)
	if err == nil {
		err = r.removeAll(ctx, r.unwanted(plan))
	}
	return r.replaced.Load(), err
}

func (e *Engine) newRun(g *Graph) *run {
	r := &run{Engine: e, graph: g, nodes: map[Key]*progress{}, removals: map[named]removing{}, claims: map[Key]Claim{}}
	r.limit, r.paths, r.started = newLimiter(e.Parallelism), g.paths(g.usual), e.clock().Now()
	r.watch = newWatch(r)
	return r
}

// claimAll journals every creation of the plan in one write, and binds what was found.
func (r *run) claimAll(ctx context.Context, plan *Plan) error {
	entries := r.entries()
	var claims []Claim
	for _, s := range plan.Steps {
		switch {
		case s.Action == Create:
			c := r.claim(r.graph.byKey[s.Key], entries[s.Key])
			r.claims[s.Key] = c
			claims = append(claims, c)
		case s.Action != Delete && entries[s.Key].ID != s.ID:
			if err := r.Journal.Bind(s.Key, s.ID); err != nil {
				return err
			}
		}
	}
	if len(claims) == 0 {
		return nil
	}
	return r.Journal.Claim(ctx, claims)
}

// converge runs every wanted node and every gate, each in a goroutine of its own.
func (r *run) converge(ctx context.Context, plan *Plan) error {
	for key := range r.graph.gates {
		r.nodes[key] = &progress{made: make(chan struct{}), done: make(chan struct{})}
	}
	for _, w := range r.graph.wishes {
		r.nodes[w.Key()] = &progress{made: make(chan struct{}), done: make(chan struct{})}
	}
	var group sync.WaitGroup
	for key, wait := range r.graph.gates {
		group.Go(func() { r.nodes[key].finish(wait(ctx)) })
	}
	for _, s := range plan.Steps {
		if s.Action != Delete {
			group.Go(func() { r.runNode(ctx, r.graph.byKey[s.Key], s.Observed) })
		}
	}
	group.Wait()

	var all []error
	for _, w := range r.graph.wishes {
		all = append(all, r.nodes[w.Key()].err)
	}
	return errors.Join(all...)
}

func (r *run) runNode(ctx context.Context, w wish, o Observed) {
	node := r.nodes[w.Key()]
	n := &convergence{run: r, wish: w, progress: node}
	tried, err := n.toReady(ctx, o)
	switch _, blocked := errors.AsType[*BlockedError](err); {
	case err == nil && n.idle:
	case err == nil:
		r.emit(r.graph.Region, w.Key(), Settled, r.graph.ids.id(w.Key()), "")
	case blocked:
		r.send(Event{Region: r.graph.Region, Key: w.Key(), Type: Skipped, Detail: err.Error(), Err: err})
	default:
		r.send(Event{Region: r.graph.Region, Key: w.Key(), Type: Broken, Detail: err.Error(), Err: err})
	}
	if err != nil {
		err = &NodeError{Region: r.graph.Region, Key: w.Key(), Tried: tried, Err: err}
	}
	node.finish(err)
}

// exists lets those go on that need the node's ID only.
func (p *progress) exists() { p.once.Do(func() { close(p.made) }) }

func (p *progress) finish(err error) {
	p.err = err
	close(p.done)
	p.exists()
}

// await returns when the need is met, or a BlockedError when it never will be.
func (r *run) await(ctx context.Context, need Need) error {
	node := r.nodes[need.Key]
	ready := node.done
	if need.Made {
		ready = node.made
	}
	select {
	case <-ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if r.met(need) {
		return nil
	}
	return &BlockedError{By: need.Key}
}

// met says whether the need is met by now.
func (r *run) met(need Need) bool {
	node := r.nodes[need.Key]
	if need.Made && r.graph.ids.id(need.Key) != "" {
		return true
	}
	select {
	case <-node.done:
		return node.err == nil
	default:
		return false
	}
}

// call runs one call that changes something, under the limit of parallelism. It is not cut off when ctx ends: a call
// that was cut may have had its effect.
func call[T any](ctx context.Context, r *run, key Key, do func(context.Context) (T, error)) (T, error) {
	var none T
	if err := r.limit.acquire(ctx, r.paths[key]); err != nil {
		return none, err
	}
	defer r.limit.release()
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	return do(context.WithoutCancel(ctx))
}
