package stack_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// world is a sandbox and the state of one stack in it. Each run is a process of its own as far as the state can tell.
type world struct {
	box     *sandbox.Sandbox
	path    string
	regions []string
	file    string // settings; empty: the defaults
	name    string // empty: the default
	calls   *counter
}

func newWorld(t *testing.T, o sandbox.Options, regions ...string) *world {
	t.Helper()
	return &world{
		box: sandbox.New(o), path: filepath.Join(t.TempDir(), "web.json"), regions: regions, calls: &counter{},
	}
}

// run opens the state as a command does and gives the stack to work with.
func (w *world) run(ctx context.Context, do func(*stack.Stack) error) error {
	cfg, err := config.Load(w.file, config.Overrides{Name: w.name, Regions: w.regions})
	if err != nil {
		return err
	}
	clients, err := cloud.Open(ctx, cloud.Options{
		Instead: &cloud.Stand{
			Client:      w.box,
			Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "sandbox", ""),
		},
		Observe: w.calls.add,
	})
	if err != nil {
		return err
	}
	store := state.NewLocal(w.path, state.Options{})
	lock, err := store.Acquire(ctx, state.Request{Holder: state.Self("test", time.Now())})
	if err != nil {
		return err
	}
	defer lock.Release(ctx) // else the next run would not get it, and fail
	writer, err := lock.Open(ctx, state.Head{Stack: cfg.Name, Owner: state.NewOwner(), Account: sandbox.DefaultAccount, Sandbox: true})
	if err != nil {
		return err
	}
	s := &stack.Stack{Config: cfg, Cloud: clients, Record: writer, Regions: w.regions, Web: w.box, Events: w.calls.event}
	err = do(s)
	if closeErr := writer.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}

// config is for clients of the tests' own, in the first region.
func (w *world) config() aws.Config {
	return aws.Config{
		Region: w.regions[0], HTTPClient: w.box,
		Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "sandbox", ""),
	}
}

func (w *world) up(ctx context.Context) (stack.Outcome, error) {
	var outcome stack.Outcome
	err := w.run(ctx, func(s *stack.Stack) error {
		plan := s.Plan(ctx)
		if err := s.Refusal(plan); err != nil {
			return err
		}
		outcome = s.Apply(ctx, plan)
		return outcome.Err()
	})
	return outcome, err
}

func (w *world) down(ctx context.Context) error {
	return w.run(ctx, func(s *stack.Stack) error {
		outcome := s.Remove(ctx, s.PlanRemoval(ctx, true))
		return outcome.Err()
	})
}

func (w *world) plan(ctx context.Context) (plan *stack.Plan, err error) {
	err = w.run(ctx, func(s *stack.Stack) error {
		plan = s.Plan(ctx)
		return plan.Err()
	})
	return plan, err
}

// left is everything that exists in the account, by listing the account and not by asking for tags or state.
func (w *world) left(t *testing.T) string {
	t.Helper()
	dump, err := w.box.Dump(sandbox.DefaultAccount, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(dump)
}

// differences are the changes of a plan, for messages.
func differences(p *stack.Plan) []string {
	var all []string
	for _, part := range p.Parts() {
		for _, step := range part.Plan.Changed() {
			for _, c := range step.Changes {
				all = append(all, part.Region+" "+string(step.Key)+" "+c.Field+": "+c.From+" → "+c.To)
			}
			if len(step.Changes) == 0 {
				all = append(all, part.Region+" "+string(step.Action)+" "+string(step.Key))
			}
		}
	}
	slices.Sort(all)
	return all
}
