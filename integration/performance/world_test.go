package performance

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	release "provision/integration/program"
	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// world is an account of a sandbox, and a stack in it. Each run is a process of its own as far as both can tell.
type world struct {
	box      *sandbox.Sandbox
	folder   string
	name     string // of the stack; empty: the default
	settings string // a file; empty: the defaults
	regions  []string
	clock    clock.Clock // nil: as the program has it
	calls    *callLog
	plan     *stack.Plan    // of the latest up
	removal  *stack.Removal // of the latest down
}

// newWorld must be called in a bubble of testing/synctest.
func newWorld(t *testing.T, o sandbox.Options, regions ...string) *world {
	t.Helper()
	o.OptedIn = regions
	return &world{box: sandbox.New(o), folder: t.TempDir(), regions: regions, calls: &callLog{}}
}

// settle writes the settings.
func (w *world) settle(t *testing.T, text string) {
	t.Helper()
	w.settings = filepath.Join(w.folder, "provision.yaml")
	if err := os.WriteFile(w.settings, []byte("version: 1\nname: web\n"+text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run does what every command does first, and then the rest.
func (w *world) run(ctx context.Context, do func(*stack.Stack) error) (err error) {
	cfg, err := config.Load(w.settings, config.Overrides{Name: w.name, Regions: w.regions})
	if err != nil {
		return err
	}
	aws, err := cloud.Open(ctx, cloud.Options{
		Instead: &cloud.Stand{
			Client:      w.box,
			Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "sandbox", ""),
		},
		Observe: w.calls.add,
	})
	if err != nil {
		return err
	}
	identity, err := aws.Identity(ctx, w.regions[0])
	if err != nil {
		return err
	}
	store := state.NewLocal(filepath.Join(w.folder, cfg.Name+".json"), state.Options{})
	lock, err := store.Acquire(ctx, state.Request{Holder: state.Self("test", time.Now())})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release(ctx)) }()
	head := state.Head{Stack: cfg.Name, Owner: state.NewOwner(), Account: identity.Account, Sandbox: true}
	writer, err := lock.Open(ctx, head)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close(ctx)) }()
	return do(&stack.Stack{
		Config: cfg, Cloud: aws, Record: writer, Regions: w.regions, Web: w.box, Clock: w.clock,
	})
}

func (w *world) up(ctx context.Context) error {
	return w.run(ctx, func(s *stack.Stack) error {
		w.plan = s.Plan(ctx)
		if err := errors.Join(w.plan.Err(), s.Refusal(w.plan)); err != nil {
			return err
		}
		outcome := s.Apply(ctx, w.plan)
		return outcome.Err()
	})
}

func (w *world) onlyPlan(ctx context.Context) error {
	return w.run(ctx, func(s *stack.Stack) error {
		plan := s.Plan(ctx)
		if plan.Changed() {
			return errors.New("the plan after an up has changes")
		}
		return plan.Err()
	})
}

func (w *world) down(ctx context.Context) error {
	return w.run(ctx, func(s *stack.Stack) error {
		w.removal = s.PlanRemoval(ctx, true)
		outcome := s.Remove(ctx, w.removal)
		return outcome.Err()
	})
}

// measured is how a run went.
type measured struct {
	calls   []cloud.Call
	took    time.Duration
	regions []string // of the stack
}

// measure runs one command, in virtual time, and fails the test if the command fails.
func (w *world) measure(t *testing.T, what string, command func(context.Context) error) measured {
	t.Helper()
	w.calls.take()
	start := time.Now()
	if err := command(t.Context()); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return measured{w.calls.take(), time.Since(start), w.regions}
}

// skipWithDetector is for what measures many lives in virtual time, which is the same with the race detector and costs four
// times as much: `make test` measures it without.
func skipWithDetector(t *testing.T) {
	t.Helper()
	if release.Raced {
		t.Skip("virtual time is measured without the race detector, by `make test`")
	}
}
