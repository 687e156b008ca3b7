package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// A lease is renewed when a third of it has passed, and given up for lost a tenth before it ends: others may take it
// then, whatever our clock says.
const (
	renewalsPerLease = 3
	retriesPerLease  = 12
	marginPerLease   = 10
)

// start renews the leases until the lock is released or lost. They were taken at the given time or later.
func (l *s3Lock) start(ctx context.Context, began time.Time) {
	l.ctx, l.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	l.done, l.until = make(chan struct{}), l.validFrom(began)
	running, stop := context.WithCancel(l.ctx)
	l.stop = stop
	go func() {
		defer close(l.done)
		l.renewUntil(running.Done())
	}()
}

func (l *s3Lock) validFrom(began time.Time) time.Time {
	return began.Add(l.store.lease - l.store.lease/marginPerLease)
}

// renewUntil renews until it is stopped. A renewal in progress is ended first.
func (l *s3Lock) renewUntil(stopped <-chan struct{}) {
	timer := time.NewTimer(l.store.lease / renewalsPerLease)
	defer timer.Stop()
	for {
		select {
		case <-stopped:
			return
		case <-timer.C:
		}
		began := time.Now()
		err := l.renewAll(l.ctx)
		switch {
		case err == nil:
			l.extend(l.validFrom(began))
			timer.Reset(l.store.lease / renewalsPerLease)
		case errors.Is(err, ErrStale):
			_ = l.lose(errors.New("another run took it over, or it was broken"))
		case l.ended():
			_ = l.lose(fmt.Errorf("its lease could not be renewed: %w", err))
		default:
			timer.Reset(l.store.lease / retriesPerLease)
		}
	}
}

// renewAll renews each region's lease, and gives up when they end.
func (l *s3Lock) renewAll(ctx context.Context) error {
	l.mu.Lock()
	ctx, cancel := context.WithDeadline(ctx, l.until)
	l.mu.Unlock()
	defer cancel()
	var group errgroup.Group
	for _, region := range l.regions {
		group.Go(func() error { return l.renew(ctx, region) })
	}
	return group.Wait()
}

func (l *s3Lock) renew(ctx context.Context, region string) error {
	l.mu.Lock()
	next := l.held[region]
	l.mu.Unlock()
	next.Renewal++
	etag, err := l.store.putLease(ctx, l.store.lockKey(region), next.lease, next.etag)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held[region] = heldLease{next.lease, etag}
	return nil
}

func (l *s3Lock) extend(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = until
}

// ended checks both clocks of the machine: while it slept, only one of them advanced.
func (l *s3Lock) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	return now.After(l.until) || now.Round(0).After(l.until.Round(0))
}

// Lost implements [Lock].
func (l *s3Lock) Lost() <-chan struct{} { return l.ctx.Done() }

// Err implements [Lock].
func (l *s3Lock) Err() error {
	if l.ctx.Err() == nil && l.ended() {
		return l.lose(errors.New("its lease ran out"))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason
}

// holds says whether the lock is still this run's.
func (l *s3Lock) holds() bool { return l.Err() == nil }

// lose ends what is done under the lock.
func (l *s3Lock) lose(why error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reason == nil {
		l.reason = &LostError{Location: l.store.Location(), Err: why}
		l.cancel(l.reason)
	}
	return l.reason
}

// Release implements [Lock].
func (l *s3Lock) Release(ctx context.Context) error {
	l.stop()
	<-l.done
	if !l.holds() {
		return nil
	}
	l.mu.Lock()
	l.reason = &LostError{Location: l.store.Location(), Err: errReleased}
	l.mu.Unlock()
	return l.giveBack(ctx)
}
