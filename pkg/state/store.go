package state

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// Store is a place where one stack's state is kept, with all that can be done without its lock.
type Store interface {
	// Location names the place in messages: a path, or an s3:// URL.
	Location() string

	// Load reads everything. Where there is no state, the document is fresh; an unreadable state is a [CorruptError] or
	// a [NewerError].
	Load(ctx context.Context) (Document, error)

	// CheckWritable is an [UnwritableError] where nothing could be kept. It leaves nothing behind.
	CheckWritable(ctx context.Context) error

	// Acquire locks the state, or returns a [LockedError] with its holder.
	Acquire(ctx context.Context, r Request) (Lock, error)

	// Holders are the runs that hold locks now.
	Holders(ctx context.Context) ([]Holder, error)

	// Breakable returns the reason why Unlock would be refused now, if it would.
	Breakable(ctx context.Context) error

	// Unlock breaks the locks of the given regions, or all, and returns their holders. A run that still lives stops
	// writing; its calls in flight are not recorded.
	Unlock(ctx context.Context, regions ...string) ([]Holder, error)

	// History lists the versions that can be restored, newest first.
	History(ctx context.Context) ([]Version, error)

	// LoadVersion reads what History lists. Where regions are kept apart, the document holds one region only.
	LoadVersion(ctx context.Context, id string) (Document, error)
}

// Lock is the right to change a state, or some regions of it, with all that needs that right.
type Lock interface {
	// Lost is closed when the lock is no longer this run's: nothing new may be started.
	Lost() <-chan struct{}

	// Err is a [LostError] once the lock is lost, or released.
	Err() error

	// Open starts a run's changes. An [IdentityError] means that the state belongs to another account or place than the
	// run. Where there is no state yet, Open starts one with the run's head; one that holds no resource gets the run's
	// head.
	Open(ctx context.Context, run Head) (*Writer, error)

	// Replace writes another document's regions over those that the lock covers, and reads them back. It also replaces
	// an unreadable state, and keeps a copy next to it.
	Replace(ctx context.Context, d Document) error

	// Discard ends a state that holds no resource any more. It can be restored.
	Discard(ctx context.Context) error

	// Release releases the lock. Close a [Writer] first.
	Release(ctx context.Context) error
}

// Request names the run and the regions that it wants to lock.
type Request struct {
	Regions []string      // what an S3 store locks one by one, Global included; a local lock covers everything
	Timeout time.Duration // how long to wait for the holder; 0: not at all
	Holder  Holder        // as others will see it; see Self
	Waiting func(Holder)  // may be nil; called when a wait for another run starts
}

// Version is a copy of a state, or of one region's part of it, that can be restored.
type Version struct {
	ID      string
	Region  string // empty: everything
	Serial  uint64 // 0: not known without reading it
	Time    time.Time
	Current bool
}

// Options are what all stores have in common.
type Options struct {
	Now func() time.Time // nil: time.Now
}

func (o Options) now() func() time.Time {
	if o.Now == nil {
		return time.Now
	}
	return o.Now
}

// DefaultPath is the default path of a stack's state.
func DefaultPath(stack string) string { return filepath.Join(".provision", stack+".json") }

// Restore goes back to a version: to the regions of it that the lock covers.
func Restore(ctx context.Context, store Store, lock Lock, id string) error {
	d, err := store.LoadVersion(ctx, id)
	if err != nil {
		return err
	}
	return lock.Replace(ctx, d)
}

// Migrate copies a state to a store that has none, and compares what arrived. The old one is left as it is.
func Migrate(ctx context.Context, from, to Store, lock Lock) error {
	d, err := from.Load(ctx)
	if err != nil {
		return err
	}
	if d.Fresh() {
		return fmt.Errorf("there is no state at %s to migrate", from.Location())
	}
	there, err := to.Load(ctx)
	if err != nil {
		return err
	}
	if !there.Fresh() {
		return fmt.Errorf("there is a state at %s already (owner %s): it is not overwritten", to.Location(), there.Owner)
	}
	if err := lock.Replace(ctx, d); err != nil {
		return fmt.Errorf("migrate %s to %s: %w", from.Location(), to.Location(), err)
	}
	if there, err = to.Load(ctx); err != nil {
		return err
	}
	if !d.sameAs(there) {
		return fmt.Errorf("the copy at %s differs from %s: use the old one", to.Location(), from.Location())
	}
	return nil
}
