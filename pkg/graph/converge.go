package graph

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	maxRounds       = 12               // of Update before a node fails because it does not converge
	maxReplaced     = 2                // failed resources that one run deletes and recreates, per node
	patience        = 5 * time.Minute  // with errors that pass; as long as other tools' patience with new IDs
	longPatience    = 10 * time.Minute // with throttles: each makes the calls that follow wait longer for their turns
	lostLooks       = 8                // at a list before the engine assumes that a lost creation did not happen
	firstRetry      = 500 * time.Millisecond
	longestRetry    = 8 * time.Second
	firstLostLook   = 500 * time.Millisecond
	longestLostLook = 4 * time.Second
)

// convergence brings one node from its observed state to ready: create, then Diff and Update until nothing differs,
// then wait. Creation, repair of drift and resuming after a crash are this one path.
type convergence struct {
	*run
	wish
	*progress
	claimed  Claim
	failures int  // that were discarded
	idle     bool // no call and no wait was needed: there is nothing to report
	fresh    bool // the claim is not from an earlier run, which may have had other settings
	created  bool // by a fresh claim
}

// toReady returns the step that failed, if one did.
func (n *convergence) toReady(ctx context.Context, o Observed) (tried string, err error) {
	key := n.Key()
	n.idle, n.claimed = o != nil, n.claims[key]
	n.fresh = !n.reopened[key]
	if o, err = n.start(ctx, o); err != nil {
		return "replace", err
	}
	for round := 0; ; n.idle = false {
		if o == nil {
			if o, err = n.make(ctx); err != nil {
				return "create", err
			}
		}
		_, phase, why := judge(n.wish, o)
		if phase == Failed || phase == Leaving {
			if n.failures++; n.failures > maxReplaced {
				return "replace", fmt.Errorf("failed %d times: %s", n.failures, why)
			}
			if o, err = nil, n.discard(ctx, o, why); err != nil {
				return "replace", err
			}
			continue
		}
		n.graph.ids.bind(key, o)
		n.exists()

		changes := n.diff(o)
		if why := replacement(changes); why != "" {
			return "replace", n.replaceLater(why)
		}
		now, later := n.due(changes)
		switch {
		case len(now) > 0:
			if round++; round > maxRounds {
				return "update", fmt.Errorf("still differs after %d updates: %v", maxRounds, now)
			}
			if o, err = n.change(ctx, o, now, round); err != nil {
				return "update", err
			}
		case len(later) > 0:
			if err = n.awaitChange(ctx, later[0]); err != nil {
				return "update", err
			}
		case phase == Pending:
			if o, err = n.settle(ctx, o, why); err != nil {
				return "wait for", err
			}
		default:
			return "", nil
		}
	}
}

// due splits changes into those that can be made now and those that wait for another node.
func (n *convergence) due(changes []Change) (now, later []Change) {
	for _, c := range changes {
		if slices.ContainsFunc(n.updateNeeds(c), func(need Need) bool { return !n.met(need) }) {
			later = append(later, c)
		} else {
			now = append(now, c)
		}
	}
	return now, later
}

func (n *convergence) awaitChange(ctx context.Context, c Change) error {
	for _, need := range n.updateNeeds(c) {
		if err := n.await(ctx, need); err != nil {
			return err
		}
	}
	return nil
}

// updateNeeds are the needs that a change waits for.
func (n *convergence) updateNeeds(c Change) []Need {
	var all []Need
	for _, key := range append([]Key{c.After}, c.Also...) {
		if key == "" {
			continue
		}
		if i := slices.IndexFunc(n.needs(), func(need Need) bool { return need.Key == key }); i >= 0 {
			all = append(all, n.needs()[i])
		} else if slices.Contains(n.graph.heirs[n.Key()], key) {
			all = append(all, Need{Key: key, Update: true, Heir: true})
		}
	}
	return all
}

// make waits for the resources that the creation needs, and creates. If an answer is lost, it searches by the claim
// before it repeats a call that could create a second resource.
func (n *convergence) make(ctx context.Context) (Observed, error) {
	n.isAbsent()
	if err := n.awaitNeeds(ctx); err != nil {
		return nil, err
	}
	c := n.claimed
	n.emit(n.graph.Region, n.Key(), Creating, "", "")
	started, wait := n.clock().Now(), n.backoff(firstRetry, longestRetry)
	for {
		tried := n.clock().Now()
		o, err := call(ctx, n.run, n.Key(), func(ctx context.Context) (Observed, error) { return n.create(ctx, c) })
		if err == nil {
			return o, n.record(o, Created)
		}
		class := n.classify(err)
		if class == Exists || class == Ambiguous && !n.repeatsSafely() {
			found, lookErr := n.lookFor(ctx, c)
			if lookErr != nil {
				return nil, unseen(err, lookErr)
			}
			if found != nil {
				return found, n.record(found, Found)
			}
		}
		if !n.worthRetrying(class) || tried.Sub(started) > patienceWith(class) {
			return nil, err
		}
		if err := n.pause(ctx, wait, err); err != nil {
			return nil, err
		}
	}
}

// awaitNeeds waits for what creation needs.
func (n *convergence) awaitNeeds(ctx context.Context) error {
	for _, need := range n.needs() {
		if !need.Update {
			if err := n.await(ctx, need); err != nil {
				return err
			}
		}
	}
	return nil
}

// worthRetrying: NotFound while creating is about something it needs, which the API has not heard of yet.
func (n *convergence) worthRetrying(class Class) bool {
	return class == Ambiguous || class == Throttled || class == NotYet || class == NotFound
}

func patienceWith(class Class) time.Duration {
	if class == Throttled {
		return longPatience
	}
	return patience
}

func (n *convergence) pause(ctx context.Context, wait *backoff, why error) error {
	n.emit(n.graph.Region, n.Key(), Retrying, "", why.Error())
	return n.clock().Sleep(ctx, wait.next())
}

func (n *convergence) record(o Observed, how EventType) error {
	if err := n.claimed.mustBeNew(o); err != nil {
		return err
	}
	n.created = n.fresh
	if err := n.Journal.Bind(n.Key(), o.Ident().ID); err != nil {
		return err
	}
	n.emit(n.graph.Region, n.Key(), how, o.Ident().ID, "")
	return nil
}

// lookFor searches for the resource that a claim may have created. Reads lag behind writes, so that one look is not
// enough.
func (n *convergence) lookFor(ctx context.Context, c Claim) (Observed, error) {
	wait := n.backoff(firstLostLook, longestLostLook)
	for try := range lostLooks {
		if try > 0 {
			if err := n.clock().Sleep(ctx, wait.next()); err != nil {
				return nil, err
			}
		}
		seen := sighting{}
		if err := n.merge(ctx, seen, n.wish, n.newLook()); err != nil {
			if class := n.classify(err); class == Ambiguous || class == Throttled {
				continue
			}
			return nil, err
		}
		o, err := pick(n.Owner, c.Key, Entry{Key: c.Key, Nonce: c.Nonce, Former: c.Former}, n.wish, seen[n.kindName()])
		if o != nil || err != nil {
			return o, err
		}
	}
	return nil, nil
}

// change updates the resource. After an error that may be temporary it looks again, so that the next round sees which
// changes remain.
func (n *convergence) change(ctx context.Context, o Observed, changes []Change, round int) (Observed, error) {
	n.emit(n.graph.Region, n.Key(), Updating, o.Ident().ID, fields(changes))
	now, err := call(ctx, n.run, n.Key(), func(ctx context.Context) (Observed, error) { return n.update(ctx, o, changes) })
	if err == nil {
		return now, nil
	}
	switch n.classify(err) {
	case Ambiguous, Throttled, NotYet, NotFound, Exists, Held:
	default:
		return nil, err
	}
	wait := n.backoff(firstRetry, longestRetry)
	for range round - 1 {
		wait.next()
	}
	if pauseErr := n.pause(ctx, wait, err); pauseErr != nil {
		return nil, pauseErr
	}
	if round == maxRounds {
		return nil, err
	}
	again, lookErr := n.lookAt(ctx, o)
	if lookErr != nil {
		return nil, unseen(err, lookErr)
	}
	return again, nil
}

// lookAt reads the node again; if the lagging list does not have it yet, lookAt assumes that it is unchanged.
func (n *convergence) lookAt(ctx context.Context, o Observed) (Observed, error) {
	s := n.newLook()
	s.Before = map[string]Observed{o.Ident().ID: o}
	all, err := n.list(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, found := range all {
		if found.Ident().ID == o.Ident().ID {
			return found, nil
		}
	}
	return o, nil
}

// discard deletes a resource, waits until it no longer exists, and makes a new claim.
func (n *convergence) discard(ctx context.Context, o Observed, why string) error {
	n.replaced.Store(true)
	n.emit(n.graph.Region, n.Key(), Deleting, o.Ident().ID, why)
	if err := n.deleteAndWait(ctx, n.wish, n.Key(), o, false); err != nil {
		return err
	}
	n.graph.ids.unbind(n.Key())
	n.fresh = true
	n.claimed = n.claim(n.wish, Entry{Former: n.entries()[n.Key()].Former})
	return n.Journal.Claim(ctx, []Claim{n.claimed})
}

func fields(changes []Change) string {
	text := ""
	for i, c := range changes {
		if i > 0 {
			text += ", "
		}
		text += c.Field
	}
	return text
}
