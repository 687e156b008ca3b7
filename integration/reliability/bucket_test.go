package reliability

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/stack"
	"provision/pkg/state"
)

const (
	bucket = "states"
	// After a run that died, its locks are free when their leases are: a minute.
	leasePatience = 5 * time.Minute
)

// keepInBucket creates a bucket in the account, for the states of all stacks from now on.
func (w *world) keepInBucket(t testing.TB) {
	t.Helper()
	aws, err := w.cloud(t.Context())
	must(t, err)
	_, err = state.InitBucket(t.Context(), aws.S3(region), state.BucketOptions{Bucket: bucket, Region: region})
	must(t, err)
	w.inBucket, w.patience = true, leasePatience
}

// store is where the state of a stack is kept.
func (w *world) store(aws *cloud.Cloud, stackName string) state.Store {
	if w.inBucket {
		return state.NewS3(aws.S3(region), bucket, "", stackName, state.S3Options{})
	}
	return state.NewLocal(w.path, state.Options{})
}

func (w *world) request(parts ...string) state.Request {
	return state.Request{Regions: parts, Holder: state.Self("test", time.Now()), Timeout: w.patience}
}

// shared locks what the stack has once while it is worked on, as the program does.
func (w *world) shared(s *session) stack.Shared {
	return func(ctx context.Context, do func(context.Context, stack.Record) error) error {
		return w.underShared(ctx, s, func(ctx context.Context, _ state.Lock, writer *state.Writer) error {
			return do(ctx, writer)
		})
	}
}

func (w *world) underShared(
	ctx context.Context, s *session, do func(context.Context, state.Lock, *state.Writer) error,
) (err error) {
	lock, err := s.store.Acquire(ctx, w.request(state.Global))
	if err != nil {
		return err
	}
	end := context.WithoutCancel(ctx)
	defer func() { err = errors.Join(err, lock.Release(end)) }()
	writer, err := lock.Open(ctx, s.head)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close(end)) }()
	ctx, stop := untilLost(ctx, lock)
	defer stop()
	return do(ctx, lock, writer)
}

// downInBucket removes the regions, gives their locks back, and then removes what the stack has once.
func (w *world) downInBucket(ctx context.Context, s *session) error {
	outcome := s.Remove(ctx, s.PlanRemoval(ctx, true).WithoutGlobal())
	w.truth.ofDown(w, outcome)
	if outcome.Err() != nil {
		return outcome.Err()
	}
	for name, known := range s.writer.Document().Regions {
		if slices.Contains(s.Regions, name) && len(known.Resources) == 0 {
			if err := s.writer.Drop(name); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(s.writer.Close(ctx), s.lock.Discard(ctx), s.lock.Release(ctx)); err != nil {
		return err
	}
	return w.underShared(ctx, s, func(ctx context.Context, lock state.Lock, writer *state.Writer) error {
		under := *s.Stack
		under.Record = writer
		if result, last := under.RemoveGlobalIfUnused(ctx); !last || result.Err != nil {
			return result.Err
		}
		return errors.Join(writer.Drop(state.Global), writer.Close(ctx), lock.Discard(ctx))
	})
}
