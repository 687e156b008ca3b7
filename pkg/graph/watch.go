package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// watch polls: one loop per kind while something of that kind is waited for, one list call per turn however many wait.
type watch struct {
	run   *run
	mu    sync.Mutex
	kinds map[string]*poller
}

type poller struct {
	waiters map[*waiter]bool
	wake    chan struct{}
}

// waiter is one node that waits. check reads through one look and reports whether the wait is over.
type waiter struct {
	schedule
	check  func(context.Context, *Look) (bool, error)
	due    time.Time
	looked bool
	blind  time.Time // no look has succeeded since; zero: the last one did
	result chan error
}

const (
	defaultLimit = 10 * time.Minute
	blindLimit   = 5 * time.Minute // of looks that fail one after another, each after the cloud's own retries
)

func newWatch(r *run) *watch { return &watch{run: r, kinds: map[string]*poller{}} }

// until returns when check reports that the wait is over.
func (w *watch) until(
	ctx context.Context, name string, when schedule, check func(context.Context, *Look) (bool, error),
) error {
	one := &waiter{
		schedule: when, check: check, due: w.run.clock().Now().Add(firstLook), result: make(chan error, 1),
	}
	w.join(ctx, name, one)
	select {
	case err := <-one.result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w *watch) join(ctx context.Context, name string, one *waiter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, running := w.kinds[name]
	if !running {
		p = &poller{waiters: map[*waiter]bool{}, wake: make(chan struct{}, 1)}
		w.kinds[name] = p
	}
	p.waiters[one] = true
	if !running {
		go w.loop(ctx, name, p)
		return
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// loop ends when no node waits any more.
func (w *watch) loop(ctx context.Context, name string, p *poller) {
	for {
		due, ok := w.nextDue(ctx, name, p)
		if !ok {
			return
		}
		if !w.sleepUntil(ctx, due, p.wake) {
			continue
		}
		w.turn(ctx, p)
	}
}

func (w *watch) nextDue(ctx context.Context, name string, p *poller) (time.Time, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(p.waiters) == 0 || ctx.Err() != nil {
		delete(w.kinds, name)
		return time.Time{}, false
	}
	var due time.Time
	for one := range p.waiters {
		if due.IsZero() || one.due.Before(due) {
			due = one.due
		}
	}
	return due, true
}

// sleepUntil reports whether the time has come; false: another node joined, or ctx ended.
func (w *watch) sleepUntil(ctx context.Context, due time.Time, wake <-chan struct{}) bool {
	wait := due.Sub(w.run.clock().Now())
	if wait <= 0 {
		return true
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slept := make(chan error, 1)
	go func() { slept <- w.run.clock().Sleep(ctx, wait) }()
	select {
	case err := <-slept:
		return err == nil
	case <-wake:
		cancel()
		return <-slept == nil
	}
}

// turn lets all waiting nodes share one new look, in parallel: some need more calls than others.
func (w *watch) turn(ctx context.Context, p *poller) {
	w.mu.Lock()
	waiters := slices.Collect(maps.Keys(p.waiters))
	w.mu.Unlock()

	s := w.run.newLook()
	s.Known, s.Again, s.began = map[string]Observed{}, true, w.run.clock().Now()
	for _, one := range waiters {
		s.Again = s.Again && one.looked
		if one.known != nil {
			s.Known[one.known.Ident().ID] = one.known
		}
	}
	s.Before = s.Known
	var group sync.WaitGroup
	for _, one := range waiters {
		group.Go(func() { w.look(ctx, s, p, one) })
	}
	group.Wait()
}

func (w *watch) look(ctx context.Context, s *Look, p *poller, one *waiter) {
	over, err := one.check(ctx, s)
	now := w.run.clock().Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if class := w.run.classify(err); err != nil && (class == Ambiguous || class == Throttled) {
		over, err = false, one.inVain(now, err)
	} else {
		one.blind = time.Time{}
	}
	one.looked, one.due = true, now.Add(one.next(now, w.run.jitter))
	if over || err != nil {
		delete(p.waiters, one)
		one.result <- err
	}
}

// inVain is nil while an error may be temporary: throttling ends, and the awaited operation continues without any look.
func (one *waiter) inVain(now time.Time, err error) error {
	if one.blind.IsZero() {
		one.blind = now
	}
	if failing := now.Sub(one.blind); failing >= blindLimit {
		return fmt.Errorf("no read of it has succeeded for %s: %w", failing.Round(time.Second), err)
	}
	return nil
}

// limit is the error of a wait that took too long, or nil. looked is when the latest look started, or the latest try: a wait
// ends with one that started after the limit, since an answer that was slow to come tells what was true before.
func limit(since, looked time.Time, pace Pace, why string) error {
	most := pace.Limit
	if most == 0 {
		most = defaultLimit
	}
	if looked.Sub(since) < most {
		return nil
	}
	return fmt.Errorf("not done after %s: %s", most, why)
}

// settle waits until the resource is no longer pending. A list that lags behind may lack it for a while.
func (n *convergence) settle(ctx context.Context, o Observed, why string) (Observed, error) {
	n.send(Event{Region: n.graph.Region, Key: n.Key(), Type: Waiting, ID: o.Ident().ID, Detail: why, Pace: n.pace()})
	since, latest := n.clock().Now(), o
	when := schedule{since: since, usual: n.pace().Usual, slack: n.slacks[n.Key()], known: o}
	err := n.watch.until(ctx, n.kindName(), when, func(ctx context.Context, s *Look) (bool, error) {
		all, err := n.list(ctx, s)
		if err != nil {
			return false, err
		}
		phase, reason := Pending, "not listed yet"
		for _, found := range all {
			if found.Ident().ID == o.Ident().ID {
				latest = found
				phase, reason = n.phase(found)
				if err := n.stuck(found); err != nil {
					return false, err
				}
			}
		}
		if phase != Pending {
			return true, nil
		}
		if reason != why {
			why = reason
			n.send(Event{Region: n.graph.Region, Key: n.Key(), Type: Waiting, ID: o.Ident().ID, Detail: why, Pace: n.pace()})
		}
		return false, limit(since, s.began, n.paceFor(latest), why)
	})
	if err != nil {
		return o, err // a look in progress may write latest
	}
	return latest, nil
}
