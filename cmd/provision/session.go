package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// session is what a command works with once it knows who it is, where, and on which state.
type session struct {
	config   *config.Config
	backend  *backend
	cloud    *cloud.Cloud
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
	if missing, ok := errors.AsType[*state.NoBucketError](err); ok && p.writes {
		if _, err := p.regions(s.config, state.Document{}); err != nil {
			return err
		}
		if err := s.offerBucket(ctx, t, f, missing); err != nil {
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

// check refuses what must not go on: first without any call, then by asking AWS who we are.
func (s *session) check(ctx context.Context, f *flags, p purpose, regions []string) error {
	if p.removes && s.config.Guard.Protect {
		return refusedError{errors.New("the stack is protected: guard.protect is on in the settings")}
	}
	if err := f.guard(s.config).CheckRegions(regions); err != nil {
		return err
	}
	if p.writes {
		if err := s.expectsSomebody(f); err != nil {
			return err
		}
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

// identify asks AWS who we are, once, before any other call.
func (s *session) identify(ctx context.Context, f *flags, region string) (err error) {
	if s.identity.Account != "" {
		return nil
	}
	if s.identity, err = s.cloud.Identity(ctx, region); err != nil {
		return err
	}
	return f.guard(s.config).Check(s.identity)
}

func (f *flags) loadConfig() (*config.Config, error) {
	overrides := config.Overrides{Name: f.name, Regions: f.regions, State: f.state, Env: os.LookupEnv}
	if f.maxConcurrent > 0 {
		overrides.MaxConcurrent = &f.maxConcurrent
	}
	if f.maxDestroy > 0 {
		overrides.MaxDestroy = &f.maxDestroy
	}
	cfg, err := config.Load(f.settingsFile(), overrides)
	if err != nil && !is[config.Errors](err) {
		err = usageError{err} // the file can't be read at all
	}
	return cfg, err
}

// settingsFile is the file that was given, or the one that is found by itself, if there is one.
func (f *flags) settingsFile() string {
	if found, ok := config.Find("."); ok && f.file == "" {
		return found
	}
	return f.file
}

func (s *session) openStore(ctx context.Context, t terminal, f *flags) (state.Store, error) {
	return s.storeAt(ctx, t, f, s.config.State)
}

// storeAt connects to AWS only for a state that is kept there.
func (s *session) storeAt(ctx context.Context, t terminal, f *flags, at config.State) (state.Store, error) {
	if at.S3 == "" {
		return state.NewLocal(at.Path, state.Options{}), nil
	}
	bucket, prefix, ok := state.ParseS3URL(at.S3)
	if !ok {
		return nil, usageError{fmt.Errorf("--state: %q is not of the form s3://bucket/prefix", at.S3)}
	}
	if err := s.connect(ctx, t, f); err != nil {
		return nil, err
	}
	region := s.cloud.DefaultRegion()
	if err := s.identify(ctx, f, region); err != nil {
		return nil, err
	}
	return state.NewS3(s.cloud.S3(region), bucket, prefix, s.config.Name, state.S3Options{Lease: at.Lease, KMSKey: at.KMSKey}), nil
}

// connect makes clients, once; it makes no call.
func (s *session) connect(ctx context.Context, t terminal, f *flags) (err error) {
	if s.cloud != nil {
		return nil
	}
	if s.backend, err = t.backend(f); err != nil {
		return err
	}
	s.close = append(s.close, func(context.Context) error { return s.backend.close() })
	s.progress = newProgress(t, f, s.backend.clock)
	s.run = state.NewOwner()
	log, end, err := f.log.open(t, s.run)
	if err != nil {
		return err
	}
	s.close = append(s.close, func(context.Context) error { return end() })
	s.cloud, err = cloud.Open(ctx, cloud.Options{
		Profile:     f.profile,
		RoleARN:     f.roleARN,
		EndpointURL: f.endpointURL,
		Version:     version(),
		RunID:       s.run,
		MFA:         t.askMFA(),
		Instead:     s.backend.stand,
		Observe: func(c cloud.Call) {
			s.progress.call(c)
			if log != nil {
				logCall(log, c)
			}
		},
	})
	return err
}

// takeRecord locks and opens the state for a command that writes; the others read it as it is.
func (s *session) takeRecord(ctx context.Context, t terminal, f *flags, p purpose, read state.Document, regions []string) error {
	head := s.head()
	var record stack.Record
	if p.writes {
		if err := s.acquire(ctx, t, f, p, regions); err != nil {
			return err
		}
		var err error
		if s.writer, err = s.lock.Open(ctx, head); err != nil {
			return err
		}
		s.close = append(s.close, s.writer.Close)
		record = s.writer
	} else {
		if read.Fresh() {
			read = state.Document{Schema: state.Schema, Head: head}
		} else if err := read.Check(head); err != nil {
			return err
		}
		record = stack.ReadOnly{Read: read}
	}
	s.useStack(f, record, regions)
	if p.writes && p.apart && s.locksApart() {
		s.stack.Shared = s.shared(t, f, p)
	}
	return nil
}

func (s *session) useStack(f *flags, record stack.Record, regions []string) {
	s.stack = &stack.Stack{
		Config: s.config, Cloud: s.cloud, Record: record, Regions: regions,
		Events: s.progress.event, Clock: s.backend.clock, Web: s.backend.web,
		Parallelism: f.parallelism, Concurrent: s.config.Rollout.MaxConcurrent,
		RefreshAMI: f.refreshAMI, SkipVerify: f.skipVerify || s.cloud.Custom() != "",
	}
}

func (s *session) acquire(ctx context.Context, t terminal, f *flags, p purpose, regions []string) error {
	if err := s.expectsSomebody(f); err != nil {
		return err
	}
	parts := slices.Clone(regions)
	if !p.apart || !s.locksApart() {
		parts = append(parts, state.Global)
	}
	lock, err := s.store.Acquire(ctx, request(t, p, parts, f.lockTimeout))
	if cloud.IsDenied(err) {
		return refusedError{err}
	}
	if err != nil {
		return err
	}
	s.lock = lock
	s.close = append(s.close, lock.Release)
	return nil
}

func request(t terminal, p purpose, parts []string, timeout time.Duration) state.Request {
	return state.Request{
		Regions: parts,
		Timeout: timeout,
		Holder:  state.Self(p.command, time.Now()),
		Waiting: func(h state.Holder) { fmt.Fprintf(t.err, "waiting for %s\n", h) },
	}
}

// head is what a state that this run would begin says of itself.
func (s *session) head() state.Head {
	head := state.Head{
		Stack: s.config.Name, Owner: state.NewOwner(), Account: s.identity.Account,
		Sandbox: s.backend.sandbox != nil, Created: time.Now(),
	}
	if endpoint, err := url.Parse(s.cloud.Custom()); err == nil {
		head.Endpoint = endpoint.Hostname()
	}
	return head
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

// bounded ends when the time of --timeout is up or the lock is lost: then nothing new is started.
func (s *session) bounded(ctx context.Context, f *flags) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := func() bool { return true }
	if f.timeout > 0 {
		timer := time.AfterFunc(f.timeout, func() { cancel(errTimeout) })
		stop = timer.Stop
	}
	if s.lock != nil {
		var unwatch context.CancelFunc
		ctx, unwatch = untilLost(ctx, s.lock)
		return ctx, func() { stop(); unwatch(); cancel(nil) }
	}
	return ctx, func() { stop(); cancel(nil) }
}

// wanted are the regions of `up` and `plan`: those given, else the file's, else the state's.
func wanted(cfg *config.Config, d state.Document) ([]string, error) {
	regions := cfg.Regions
	if len(regions) == 0 {
		regions = d.RegionNames()
	}
	if len(regions) == 0 {
		return nil, usageError{errors.New("no region is given: say --regions eu-west-1,us-east-1, or `regions:` in provision.yaml")}
	}
	return regions, nil
}

// regionsGiven says whether somebody asked for regions now, rather than once and for all in the file.
func (f *flags) regionsGiven() bool {
	return len(f.regions) > 0 || os.Getenv(config.EnvName("regions")) != ""
}

// present are the regions of `status` and `down`: those asked for, else the state's.
func (f *flags) present(cfg *config.Config, d state.Document) ([]string, error) {
	if f.regionsGiven() {
		return cfg.Regions, nil
	}
	if known := d.RegionNames(); len(known) > 0 {
		return known, nil
	}
	return wanted(cfg, d)
}
