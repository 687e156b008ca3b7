package session

import (
	"context"
	"errors"
	"slices"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// Session is what a command works with once it knows who it is, where, and on which state.
type Session struct {
	Config   *config.Config
	Backend  *Backend
	Home     *cloud.Cloud // has the run's own credentials, with which the state is kept
	Cloud    *cloud.Cloud // has those that the stack is created with: a target's role, or the run's own
	Identity cloud.Identity
	Store    state.Store
	Stack    *stack.Stack
	RunID    string        // a ULID: in the user agent, the log and the report
	Writer   *state.Writer // nil for commands that only read

	options Options
	host    Host
	log     *callLog
	lock    state.Lock // nil for commands that only read
	close   []func(context.Context) error
}

// New is a session that has opened nothing yet: its methods open one part after the other. [Session.Close] closes them.
func New(o Options, host Host) *Session {
	return &Session{Config: o.Config, options: o, host: host}
}

// Open goes from what is cheap to check to what is not, so that the first write comes after every refusal.
func Open(ctx context.Context, o Options, host Host, p Purpose) (*Session, error) {
	s := New(o, host)
	if err := s.open(ctx, p); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

func (s *Session) open(ctx context.Context, p Purpose) error {
	if err := s.Connect(ctx); err != nil {
		return err
	}
	if err := s.OpenStore(ctx); err != nil {
		return err
	}
	document, err := s.load(ctx, p)
	if err != nil {
		return err
	}
	if err := s.samePlace(document); err != nil {
		return err
	}
	regions, err := s.regionsFor(ctx, p, document)
	if err != nil {
		return err
	}
	if err := s.check(ctx, p, regions); err != nil {
		return err
	}
	return s.openRecord(ctx, p, document, regions)
}

// load reads the state. A bucket that does not exist is created if the host agrees, unless the run would be refused anyway.
func (s *Session) load(ctx context.Context, p Purpose) (state.Document, error) {
	document, err := s.Store.Load(ctx)
	missing, ok := errors.AsType[*state.NoBucketError](err)
	if (ok || err == nil && document.Fresh()) && !p.SearchesAll {
		if err := s.unmigrated(ctx); err != nil {
			return document, err
		}
	}
	if !ok || !p.OffersBucket {
		return document, err
	}
	regions, err := p.Regions(s.Config, state.Document{})
	if err != nil {
		return document, err
	}
	if err := s.allow(p, regions); err != nil {
		return document, err
	}
	if err := s.offerBucket(ctx, missing); err != nil {
		return document, err
	}
	return s.Store.Load(ctx)
}

func (s *Session) regionsFor(ctx context.Context, p Purpose, d state.Document) ([]string, error) {
	if !p.SearchesAll || s.Config.RegionsGiven() {
		return p.Regions(s.Config, d)
	}
	if err := s.Identify(ctx, s.AnyRegion()); err != nil {
		return nil, err
	}
	return s.enabledRegions(ctx)
}

// samePlace refuses a state of the sandbox for AWS, and the other way round, before any call.
func (s *Session) samePlace(document state.Document) error {
	if document.Fresh() {
		return nil
	}
	here := s.head()
	here.Account = document.Account // not known yet; the state's own check comes with the lock
	return document.Check(here)
}

// check refuses runs that must not continue: first without any call, then by asking AWS for the caller's identity.
func (s *Session) check(ctx context.Context, p Purpose, regions []string) error {
	if err := s.allow(p, regions); err != nil {
		return err
	}
	if p.TakesLock {
		if err := s.Store.CheckWritable(ctx); err != nil {
			return err
		}
	}
	ask := regions[0]
	if p.IdentifiesHome {
		ask = cloud.Home(ask)
	}
	return s.Identify(ctx, ask)
}

// openRecord locks and opens the state for a command that writes; the others read it as it is.
func (s *Session) openRecord(ctx context.Context, p Purpose, read state.Document, regions []string) error {
	head := s.head()
	if !p.TakesLock {
		if read.Fresh() {
			read = state.Document{Schema: state.Schema, Head: head}
		} else if err := read.Check(head); err != nil {
			return err
		}
		s.useStack(stack.ReadOnly{Read: read}, regions)
		return nil
	}
	if err := s.acquire(ctx, p, regions); err != nil {
		return err
	}
	var err error
	if s.Writer, err = s.lock.Open(ctx, head); err != nil {
		return err
	}
	s.close = append(s.close, s.Writer.Close)
	s.useStack(s.Writer, regions)
	if p.LocksSharedLate && s.locksApart() {
		s.Stack.Shared = s.shared(p)
	}
	return nil
}

func (s *Session) useStack(record stack.Record, regions []string) {
	run := s.options.Run
	s.Stack = &stack.Stack{
		Config: s.Config, Cloud: s.Cloud, Record: record, Regions: regions,
		Events: s.host.Event, Clock: s.Backend.Clock, Web: s.Backend.Web,
		Parallelism: run.Parallelism, Concurrent: s.Config.Rollout.MaxConcurrent, Tolerance: s.Config.Rollout.FailureTolerance,
		RefreshAMI: run.RefreshAMI, SkipVerify: run.SkipVerify || s.Cloud.Custom() != "",
	}
}

// Close undoes what was opened, the last first. It works on even if the run was stopped.
func (s *Session) Close(ctx context.Context) error {
	var all []error
	for _, do := range slices.Backward(s.close) {
		all = append(all, do(context.WithoutCancel(ctx)))
	}
	s.close = nil
	return errors.Join(all...)
}
