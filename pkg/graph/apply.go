package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// run is one application of a plan.
type run struct {
	*Engine
	graph    *Graph
	plan     *Plan
	steps    map[Key]Step // of the desired resources
	nodes    map[Key]*progress
	going    map[Key]*progress // the deletions of resources that are deleted before they are created again
	early    []doomed          // unwanted, and in the way of those
	removals map[named]removing
	batches  map[string]*batch
	claims   map[Key]Claim
	reopened map[Key]bool // claims of an earlier run
	watch    *watch
	limit    *limiter
	paths    map[Key]time.Duration

	slacks   map[Key]time.Duration
	started  time.Time
	replaced atomic.Bool // a resource was deleted and created again

	unfinished atomic.Bool // something turned out to need a replacement that the plan does not have
}

// progress is how far a node is. err may be read once done is closed.
type progress struct {
	made   chan struct{}
	done   chan struct{}
	absent chan struct{} // closed where it turned out that there is none yet, or that it is created again
	once   sync.Once
	gone   sync.Once
	err    error
}

// Apply carries out the plan in its region. Each node starts as soon as the resources it needs exist; a failed node
// blocks those that need it, and the others finish. The plan is durable, with one nonce for each creation, before the
// first call that changes anything.
//
// If Apply deletes and recreates a resource that others were built on, the cloud may have deleted those with it, as AWS
// deletes listeners with their load balancer. Then Apply observes the region again and creates the missing ones.
func (e *Engine) Apply(ctx context.Context, plan *Plan) error {
	look, err := e.applyOnce(ctx, plan)
	for again := 0; look != settled && err == nil && again < maxReplaced; again++ {
		if plan, err = e.Plan(ctx, plan.graph); err == nil {
			look, err = e.applyOnce(ctx, plan)
		}
	}
	if look == mustLook && err == nil {
		err = fmt.Errorf("%s: still differs after %d further plans", plan.Region, maxReplaced)
	}
	return errors.Join(err, e.Journal.Flush(context.WithoutCancel(ctx)))
}

// ended is whether a plan that was applied needs another look.
type ended int

const (
	settled ended = iota
	mayLook
	mustLook
)

func (e *Engine) applyOnce(ctx context.Context, plan *Plan) (ended, error) {
	if refused := plan.Refused(); len(refused) > 0 {
		return settled, &RefusedError{Region: plan.Region, Steps: refused}
	}
	r := e.newRun(plan.graph)
	r.takePlan(plan)
	if err := r.claimAll(ctx, plan); err != nil {
		return settled, fmt.Errorf("%s: record the plan: %w", plan.Region, err)
	}
	early, rest := r.splitRemovals(r.unwanted(plan))
	err := r.converge(ctx, plan, early)
	switch {
	case err != nil:
	case r.unfinished.Load(): // what would be removed may still be in use
		return mustLook, nil
	default:
		err = r.removeAll(ctx, rest)
	}
	if r.replaced.Load() {
		return mayLook, err
	}
	return settled, err
}

func (r *run) takePlan(plan *Plan) {
	r.plan, r.slacks = plan, plan.graph.slacks(plan.left())
	for _, w := range plan.graph.wishes {
		s := plan.step(w.Key())
		r.steps[w.Key()] = s
		if s.goesFirst() {
			r.going[w.Key()] = newProgress()
		}
	}
}

func (e *Engine) newRun(g *Graph) *run {
	r := &run{
		Engine: e, graph: g, nodes: map[Key]*progress{}, removals: map[named]removing{}, claims: map[Key]Claim{},
		reopened: map[Key]bool{}, steps: map[Key]Step{}, going: map[Key]*progress{},
	}
	r.limit, r.paths, r.started = newLimiter(e.Parallelism), g.paths(g.usual), e.clock().Now()
	r.watch = newWatch(r)
	return r
}

// claimAll journals every creation of the plan in one write, and binds what was found.
func (r *run) claimAll(ctx context.Context, plan *Plan) error {
	if err := r.recordLook(plan); err != nil {
		return err
	}
	entries := r.entries()
	var claims []Claim
	for _, s := range plan.Steps {
		switch {
		case s.Action == Create || s.CreateFirst:
			c := r.claim(r.graph.byKey[s.Key], s.claimFrom(entries[s.Key]))
			r.claims[s.Key], r.reopened[s.Key] = c, c.Nonce == entries[s.Key].Nonce
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

// recordLook records which generations the plan's look found: those that no longer exist, and the latest of those that
// are restored, for which a claim may still be open.
func (r *run) recordLook(plan *Plan) error {
	for _, gone := range plan.lost {
		if err := r.Journal.Forget(gone.key, gone.id); err != nil {
			return err
		}
	}
	for _, latest := range plan.back {
		if err := r.Journal.Bind(latest.key, latest.id); err != nil {
			return err
		}
	}
	return nil
}

// claimFrom is the entry that a creation starts from. The existing resource becomes an earlier generation, and the
// claim that led to it is no longer open.
func (s Step) claimFrom(entry Entry) Entry {
	if s.ID != "" && !slices.Contains(entry.Former, s.ID) {
		entry.Former, entry.Nonce = append(slices.Clone(entry.Former), s.ID), ""
	}
	return entry
}

// converge runs every desired node and every gate, each in a goroutine of its own, and the removals that some of them
// wait for.
func (r *run) converge(ctx context.Context, plan *Plan, early []doomed) error {
	for key := range r.graph.gates {
		r.nodes[key] = newProgress()
	}
	for _, w := range r.graph.wishes {
		r.nodes[w.Key()] = newProgress()
	}
	var group sync.WaitGroup
	r.early = early
	removed := r.startRemovals(ctx, early)
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
	return errors.Join(append(all, removed())...)
}

func (r *run) runNode(ctx context.Context, w wish, o Observed) {
	node := r.nodes[w.Key()]
	n := &convergence{run: r, wish: w, progress: node}
	tried, err := n.toReady(ctx, o)
	switch _, blocked := errors.AsType[*BlockedError](err); {
	case err == nil && n.idle:
	case err == nil:
		r.emit(r.graph.Region, w.Key(), EventReady, r.graph.ids.id(w.Key()), "")
	case blocked:
		r.send(Event{Region: r.graph.Region, Key: w.Key(), Type: EventBlocked, Detail: err.Error(), Err: err})
	default:
		r.send(Event{Region: r.graph.Region, Key: w.Key(), Type: EventFailed, Detail: err.Error(), Err: err})
	}
	if err != nil {
		err = &NodeError{Region: r.graph.Region, Key: w.Key(), Tried: tried, Err: err}
	}
	node.finish(err)
}

func newProgress() *progress {
	return &progress{made: make(chan struct{}), done: make(chan struct{}), absent: make(chan struct{})}
}

// isAbsent frees the nodes that would hand over to this one.
func (p *progress) isAbsent() { p.gone.Do(func() { close(p.absent) }) }

// exists releases the nodes that need only this node's ID.
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
	var absent <-chan struct{} // never
	if need.Heir {
		absent = node.absent
	}
	select {
	case <-ready:
	case <-absent:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if r.met(need) {
		return nil
	}
	return &BlockedError{By: need.Key}
}

// met reports whether the need is met by now.
func (r *run) met(need Need) bool {
	node := r.nodes[need.Key]
	if need.Made && r.graph.ids.id(need.Key) != "" {
		return true
	}
	if need.Heir && closed(node.absent) {
		return true
	}
	return closed(node.done) && node.err == nil
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
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
