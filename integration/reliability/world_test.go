package reliability

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

const (
	small  = "testdata/small.yaml"
	region = "eu-west-1"
)

// world is an account of a sandbox, and the state of one stack in it. Each command is a process of its own as far as
// the account and the state can tell.
type world struct {
	box      *sandbox.Sandbox
	path     string // of the state
	inBucket bool   // the state is in S3 instead
	settings string // a file; empty: the defaults
	name     string // of the stack; empty: that of the settings
	regions  []string
	patience time.Duration     // with the lock's holder
	truth    truth             // of all that its commands tell
	planned  func(*stack.Plan) // sees a plan before it is applied; nil: is not asked
}

// newWorld is an empty account, for a small stack in one region. It must be called in a bubble of testing/synctest.
func newWorld(t testing.TB, o sandbox.Options) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "web.json")
	return &world{
		box: sandbox.New(o), path: path, settings: small, regions: []string{region}, truth: newTruth(t),
	}
}

// cloud makes clients like the program's.
func (w *world) cloud(ctx context.Context) (*cloud.Cloud, error) {
	return cloud.Open(ctx, cloud.Options{Instead: &cloud.Stand{
		Client: w.box, Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "sandbox", ""),
	}})
}

// clients are for the changes that tests make themselves.
func (w *world) clients() *cloud.Region {
	c, err := w.cloud(context.Background())
	if err != nil {
		panic(err) // nothing is read and nothing is called
	}
	return c.Region(w.regions[0])
}

// session is what a command works with, as in cmd/provision.
type session struct {
	*stack.Stack
	lock   state.Lock
	writer *state.Writer
	store  state.Store
	head   state.Head
}

// run opens the state as a command does, and closes it. The context that do gets ends when the lock is lost.
func (w *world) run(ctx context.Context, do func(context.Context, *session) error) (err error) {
	cfg, err := config.Load(w.settings, config.Overrides{Name: w.name, Regions: w.regions})
	if err != nil {
		return err
	}
	aws, err := w.cloud(ctx)
	if err != nil {
		return err
	}
	store := w.store(aws, cfg.Name)
	if _, err := store.Load(ctx); err != nil {
		return err
	}
	if err := store.CheckWritable(ctx); err != nil {
		return err
	}
	identity, err := aws.Identity(ctx, w.regions[0])
	if err != nil {
		return err
	}
	lock, err := store.Acquire(ctx, w.request(w.regions...))
	if err != nil {
		return err
	}
	end := context.WithoutCancel(ctx)
	defer func() { err = errors.Join(err, lock.Release(end)) }()
	head := state.Head{Stack: cfg.Name, Owner: state.NewOwner(), Account: identity.Account, Sandbox: true}
	writer, err := lock.Open(ctx, head)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close(end)) }()
	w.truth.owns(writer.Document().Owner)
	s := &session{
		&stack.Stack{Config: cfg, Cloud: aws, Record: writer, Regions: w.regions, Web: w.box}, lock, writer, store, head,
	}
	if w.inBucket {
		s.Shared = w.shared(s)
	}
	ctx, stop := untilLost(ctx, lock)
	defer stop()
	return do(ctx, s)
}

func untilLost(ctx context.Context, lock state.Lock) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-lock.Lost():
			cancel(lock.Err())
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// up is `provision up --yes`.
func (w *world) up(ctx context.Context) error {
	return w.run(ctx, func(ctx context.Context, s *session) error {
		plan := s.Plan(ctx)
		if err := s.Refusal(plan); err != nil {
			return err
		}
		looks := w.truth.looks(w)
		s.Events = looks.note
		if w.planned != nil {
			w.planned(plan)
		}
		outcome := s.Apply(ctx, plan)
		w.truth.ofUp(outcome, looks)
		return outcome.Err()
	})
}

// down is `provision down --yes`.
func (w *world) down(ctx context.Context) error {
	return w.run(ctx, func(ctx context.Context, s *session) error {
		if w.inBucket {
			return w.downInBucket(ctx, s)
		}
		outcome := s.Remove(ctx, s.PlanRemoval(ctx, true))
		w.truth.ofDown(w, outcome)
		return errors.Join(outcome.Err(), s.forget(ctx, outcome.Err()))
	})
}

// forget drops what is gone from the state, and the whole state with the last of it.
func (s *session) forget(ctx context.Context, failed error) error {
	for region, known := range s.writer.Document().Regions {
		if len(known.Resources) == 0 {
			if err := s.writer.Drop(region); err != nil {
				return err
			}
		}
	}
	if failed != nil || !s.writer.Document().Empty() {
		return nil
	}
	return errors.Join(s.writer.Close(ctx), s.lock.Discard(ctx))
}

// plan is `provision plan`: what another `up` would do.
func (w *world) plan(ctx context.Context) (plan *stack.Plan, err error) {
	err = w.run(ctx, func(ctx context.Context, s *session) error {
		plan = s.Plan(ctx)
		return plan.Err()
	})
	return plan, err
}

// status is `provision status`.
func (w *world) status(ctx context.Context) error {
	return w.run(ctx, func(ctx context.Context, s *session) error {
		status := s.Status(ctx)
		w.truth.ofStatus(w, status)
		return status.Err()
	})
}

// document is the state as it is kept.
func (w *world) document(t testing.TB) state.Document {
	t.Helper()
	aws, err := w.cloud(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := w.store(aws, "web").Load(t.Context())
	if err != nil {
		t.Error(err)
	}
	return d
}

// id is the ID of one of the stack's things.
func (w *world) id(t testing.TB, key graph.Key) string {
	t.Helper()
	id := w.document(t).Regions[w.regions[0]].Resources[key].ID
	if id == "" {
		t.Fatalf("the state knows no %s", key)
	}
	return id
}

// image is the one that the stack's instances are made from.
func (w *world) image(t testing.TB) string { return w.document(t).Regions[w.regions[0]].AMI }
