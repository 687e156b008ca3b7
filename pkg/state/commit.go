package state

import (
	"context"
	"errors"
	"sync"
	"time"
)

// committer makes changes durable in groups: while one save is in progress further changes gather, and the next save
// writes them all. Its goroutine lives only while there are changes to save.
type committer struct {
	book     book
	save     func(context.Context, Document) error // called by one goroutine at a time, with a copy of its own
	ctx      context.Context                       // of saves: a save that has started finishes, whatever was interrupted
	location string
	linger   time.Duration // how long a change that no caller waits for may wait for others

	mu      sync.Mutex
	latest  uint64        // number of the last change
	durable uint64        // number of the last change that is durable
	saving  bool          // the goroutine lives
	failure error         // of the last save
	broken  error         // of the first save that failed: from then on the run must not create anything
	urgent  chan struct{} // a caller waits: do not linger
	settled chan struct{} // closed, and replaced by a new one, when a save ended
}

// book is what a committer saves. It is called with the committer's mutex held.
type book interface {
	take() Document      // a copy of what must be saved
	saved(change uint64) // everything up to this change is durable
}

func newCommitter(ctx context.Context, location string, linger time.Duration, b book, save saveFunc) committer {
	return committer{
		book: b, save: save, ctx: context.WithoutCancel(ctx), location: location, linger: linger,
		urgent: make(chan struct{}, 1), settled: make(chan struct{}),
	}
}

type saveFunc func(context.Context, Document) error

// changed numbers a change and sees to it that it is saved. The mutex is held. After a failure changes only gather,
// for flush to try once more.
func (c *committer) changed() uint64 {
	c.latest++
	if c.failure == nil {
		c.start()
	}
	return c.latest
}

func (c *committer) start() {
	if !c.saving {
		c.saving = true
		go c.saveAll()
	}
}

// saveAll saves until nothing is left or a save fails.
func (c *committer) saveAll() {
	for c.due() {
		c.gather()
		c.mu.Lock()
		document, n := c.book.take(), c.latest
		c.mu.Unlock()
		c.ended(n, c.save(c.ctx, document))
	}
}

// due ends the goroutine if there is nothing to do for it.
func (c *committer) due() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saving = c.durable < c.latest && c.failure == nil
	if !c.saving {
		c.settle()
	}
	return c.saving
}

// gather waits for more changes, until one of them is urgent.
func (c *committer) gather() {
	if c.linger == 0 {
		return
	}
	timer := time.NewTimer(c.linger)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.urgent:
	}
}

func (c *committer) ended(n uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.durable = n
		c.book.saved(n)
	} else {
		c.failure = err
		if _, lost := errors.AsType[*LostError](err); !lost { // which says it all
			c.failure = &WriteError{Location: c.location, Err: err}
		}
		if c.broken == nil {
			c.broken = c.failure
		}
	}
	c.settle()
}

func (c *committer) settle() {
	close(c.settled)
	c.settled = make(chan struct{})
}

// wait returns when a change is durable, or can't be made so.
func (c *committer) wait(ctx context.Context, change uint64) error {
	for {
		c.mu.Lock()
		failure, durable, settled := c.failure, c.durable >= change, c.settled
		c.mu.Unlock()
		if durable {
			return nil
		}
		if failure != nil {
			return failure
		}
		select {
		case c.urgent <- struct{}{}:
		default:
		}
		select {
		case <-settled:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// flush makes everything durable. Where a save failed it tries once more, unless the right to write is gone.
func (c *committer) flush(ctx context.Context) error {
	c.mu.Lock()
	latest := c.latest
	if c.failure != nil && c.durable < latest && !forGood(c.failure) {
		c.failure = nil
		c.start()
	}
	c.mu.Unlock()
	return c.wait(ctx, latest)
}

// writable is the reason why the run must not create anything now; nil if it may.
func (c *committer) writable() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}

// close refuses further changes, and returns when nothing is being saved.
func (c *committer) close() {
	c.mu.Lock()
	if c.broken == nil {
		c.broken = errClosed
	}
	if c.failure == nil {
		c.failure = errClosed
	}
	c.mu.Unlock()
	for {
		c.mu.Lock()
		saving, settled := c.saving, c.settled
		c.mu.Unlock()
		if !saving {
			return
		}
		<-settled
	}
}

// forGood reports that another try is useless, or would overwrite another run's state.
func forGood(err error) bool {
	_, lost := errors.AsType[*LostError](err)
	return lost || errors.Is(err, ErrStale) || errors.Is(err, errClosed)
}
