package main

import (
	"context"
	"errors"
	"slices"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// session is what a command works with once it knows who it is, where, and on which state.
type session struct {
	config   *config.Config
	backend  *backend
	home     *cloud.Cloud // has the run's own credentials, with which the state is kept
	cloud    *cloud.Cloud // has those that the stack is made with: a target's role, or the run's own
	identity cloud.Identity
	store    state.Store
	stack    *stack.Stack
	progress *progress
	run      string // a ULID: in the user agent, the log and the report

	lock   state.Lock    // nil for commands that only read
	writer *state.Writer // nil for commands that only read
	close  []func(context.Context) error
}

// purpose says what a command is going to do.
type purpose struct {
	command string
	writes  bool
	begins  bool // make the bucket of a state that is not there, if that is wanted
	regions func(*config.Config, state.Document) ([]string, error)
	broad   bool // look in every region that is enabled, unless some are given
	afar    bool // ask who we are outside of the regions: they may not be enabled
	removes bool // what a protected stack refuses
	apart   bool // lock what a stack has once only while it is worked on, where it has a lock of its own
}

// open goes from what is cheap to check to what is not, so that the first write comes after every refusal.
func open(ctx context.Context, t terminal, f *flags, p purpose) (*session, error) {
	s := &session{}
	if err := s.prepare(ctx, t, f, p); err != nil {
		return nil, errors.Join(err, s.end(ctx))
	}
	return s, nil
}

func (s *session) prepare(ctx context.Context, t terminal, f *flags, p purpose) (err error) {
	if s.config, err = f.loadConfig(); err != nil {
		return err
	}
	if err := s.connect(ctx, t, f); err != nil {
		return err
	}
	if s.store, err = s.openStore(ctx, t, f); err != nil {
		return err
	}
	document, err := s.store.Load(ctx)
	if missing, ok := errors.AsType[*state.NoBucketError](err); ok && p.begins {
		if err := s.begin(ctx, t, f, p, missing); err != nil {
			return err
		}
		document, err = s.store.Load(ctx)
	}
	if err != nil {
		return err
	}
	if err := s.samePlace(document); err != nil {
		return err
	}
	regions, err := s.regionsFor(ctx, f, p, document)
	if err != nil {
		return err
	}
	if err := s.check(ctx, f, p, regions); err != nil {
		return err
	}
	return s.takeRecord(ctx, t, f, p, document, regions)
}

// begin makes the bucket of a state that is not there, unless the run would be refused anyway.
func (s *session) begin(ctx context.Context, t terminal, f *flags, p purpose, missing *state.NoBucketError) error {
	regions, err := p.regions(s.config, state.Document{})
	if err != nil {
		return err
	}
	if err := s.allow(f, p, regions); err != nil {
		return err
	}
	return s.offerBucket(ctx, t, f, missing)
}

func (s *session) regionsFor(ctx context.Context, f *flags, p purpose, d state.Document) ([]string, error) {
	if !p.broad || f.regionsGiven() {
		return p.regions(s.config, d)
	}
	if err := s.identify(ctx, f, s.anyRegion()); err != nil {
		return nil, err
	}
	return s.enabledRegions(ctx, f)
}

// samePlace refuses a state of the sandbox for AWS, and the other way round, before any call.
func (s *session) samePlace(document state.Document) error {
	if document.Fresh() {
		return nil
	}
	here := s.head()
	here.Account = document.Account // not known yet; the state's own check comes with the lock
	return document.Check(here)
}

// allow refuses what the settings and the command line do not allow. It makes no call.
func (s *session) allow(f *flags, p purpose, regions []string) error {
	if p.removes && s.config.Guard.Protect {
		return refusedError{errors.New("the stack is protected: guard.protect is on in the settings")}
	}
	if err := f.guard(s.config).CheckRegions(regions); err != nil {
		return err
	}
	if p.writes {
		return s.expectsSomebody(f)
	}
	return nil
}

// check refuses what must not go on: first without any call, then by asking AWS who we are.
func (s *session) check(ctx context.Context, f *flags, p purpose, regions []string) error {
	if err := s.allow(f, p, regions); err != nil {
		return err
	}
	if p.writes {
		if err := s.store.CheckWritable(ctx); err != nil {
			return err
		}
	}
	ask := regions[0]
	if p.afar {
		ask = cloud.Home(ask)
	}
	return s.identify(ctx, f, ask)
}

// end undoes what open did, the last first. It works on even if the run was stopped.
func (s *session) end(ctx context.Context) error {
	var all []error
	for _, do := range slices.Backward(s.close) {
		all = append(all, do(context.WithoutCancel(ctx)))
	}
	s.close = nil
	return errors.Join(all...)
}

// bounded ends when the lock is lost: then nothing new is started.
func (s *session) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.lock == nil {
		return context.WithCancel(ctx)
	}
	return untilLost(ctx, s.lock)
}
