package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/state"
)

// listener is a host without a terminal.
type listener struct {
	agrees error

	mu    sync.Mutex
	asked []string
	told  []string
	calls []string
}

func (*listener) Connected(clock.Clock)       {}
func (*listener) Event(graph.Event)           {}
func (*listener) MFA() func() (string, error) { return nil }
func (l *listener) Tell(line string)          { l.told = append(l.told, line) }
func (l *listener) Agree(_ context.Context, question string) error {
	l.asked = append(l.asked, question)
	return l.agrees
}

func (l *listener) Call(c cloud.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c.Service+":"+c.Operation)
}

const small = "name: web\ndefaults: {network: {azs: 2, nat: single}, endpoints: {s3: none, ssm: none}}\n"

// optionsFor are for a stack of these settings, in the sandbox.
func optionsFor(t *testing.T, box *sandbox.Sandbox, dir, settings string, typed config.Overrides) Options {
	t.Helper()
	path := filepath.Join(dir, "provision.yaml")
	if err := os.WriteFile(path, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(path, typed)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Config: cfg, Backend: InSandbox(box, sandbox.DefaultAccount, "secret"), Run: Run{SkipVerify: true}}
}

var asUp = Purpose{Command: "up", Regions: Wanted, TakesLock: true, OffersBucket: true, LocksSharedLate: true}

// A program without a command line stands a stack up and removes it.
func TestSessionWithoutACommandLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, dir := sandbox.New(sandbox.Options{}), t.TempDir()
		o := optionsFor(t, box, dir, small+"regions: [eu-west-1]\n", config.Overrides{})
		host := &listener{}
		s, err := Open(t.Context(), o, host, asUp)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := s.Bound(t.Context())
		if err := s.Stack.Apply(ctx, s.Stack.Plan(ctx)).Err(); err != nil {
			t.Error(err)
		}
		if _, err := Open(t.Context(), o, host, asUp); ending.Code(err) != ending.Locked {
			t.Errorf("a second session on the same state: %v", err)
		}
		stop()
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
		s, err = Open(t.Context(), o, host, Purpose{Command: "down", Regions: Present, TakesLock: true, DeletesStack: true})
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := s.Remove(t.Context(), "down", s.Stack.PlanRemoval(t.Context(), s.LastRegions()))
		if err := errors.Join(err, outcome.Err(), s.Close(t.Context())); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(o.Config.State.Path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the state of a stack that is gone: %v", err)
		}
	})
}

// Every refusal comes before the first call but the one that asks who the caller is, and gives the lock back.
func TestRefusals(t *testing.T) {
	protected := Purpose{Command: "down", Regions: Wanted, TakesLock: true, DeletesStack: true}
	for name, c := range map[string]struct {
		settings string
		change   func(*Options)
		purpose  Purpose
		says     string
	}{
		"protected": {"guard: {protect: true}\n", nil, protected, "guard.protect"},
		"region":    {"guard: {regions: [\"us-*\"]}\n", nil, asUp, "us-*"},
		"account":   {"", func(o *Options) { o.AWS.Account = "999999999999" }, asUp, "999999999999"},
		"role":      {"", func(o *Options) { o.AWS.Role = "arn:aws:iam::*:role/admin" }, asUp, "role/admin"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				box, dir := sandbox.New(sandbox.Options{}), t.TempDir()
				o := optionsFor(t, box, dir, small+"regions: [eu-west-1]\n"+c.settings, config.Overrides{})
				if c.change != nil {
					c.change(&o)
				}
				host := &listener{}
				_, err := Open(t.Context(), o, host, c.purpose)
				if err == nil || !strings.Contains(err.Error(), c.says) || ending.Code(err) != ending.Refused {
					t.Errorf("got %v", err)
				}
				for _, call := range host.calls {
					if call != "STS:GetCallerIdentity" {
						t.Errorf("%s was called before the refusal", call)
					}
				}
				if _, err := os.Stat(o.Config.State.Path); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("a refused run left a state: %v", err)
				}
			})
		})
	}
}

// The bucket of a state is created only if the host agrees.
func TestBucketIsCreatedOnlyIfAgreed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, dir := sandbox.New(sandbox.Options{}), t.TempDir()
		o := optionsFor(t, box, dir, small+"regions: [eu-west-1]\nstate: {s3: \"s3://example-states/prod\"}\n", config.Overrides{})
		host := &listener{agrees: ending.ErrDeclined}
		_, err := Open(t.Context(), o, host, asUp)
		if !errors.Is(err, ending.ErrDeclined) || len(host.asked) != 1 || !strings.Contains(host.asked[0], "example-states") {
			t.Errorf("%v; asked %q", err, host.asked)
		}
		host = &listener{}
		s, err := Open(t.Context(), o, host, asUp)
		if err != nil {
			t.Fatal(err)
		}
		if len(host.asked) != 1 || len(host.told) == 0 {
			t.Errorf("asked %q, told %q", host.asked, host.told)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// The present flags go first; then the file is first for what creates, and the state for what looks and deletes.
func TestRegions(t *testing.T) {
	known := state.Document{Regions: map[string]state.Region{"ap-south-1": {}, state.Global: {}}}
	for name, c := range map[string]struct {
		file            string
		typed           []string
		wanted, present []string
	}{
		"typed": {"regions: [eu-west-1]\n", []string{"us-east-1"}, []string{"us-east-1"}, []string{"us-east-1"}},
		"file":  {"regions: [eu-west-1]\n", nil, []string{"eu-west-1"}, []string{"ap-south-1"}},
		"state": {"", nil, []string{"ap-south-1"}, []string{"ap-south-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := optionsFor(t, nil, t.TempDir(), "name: web\n"+c.file, config.Overrides{Regions: c.typed}).Config
			wanted, err := Wanted(cfg, known)
			if diff := cmp.Diff(c.wanted, wanted); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
			present, err := Present(cfg, known)
			if diff := cmp.Diff(c.present, present); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
	cfg := optionsFor(t, nil, t.TempDir(), "name: web\n", config.Overrides{}).Config
	if _, err := Present(cfg, state.Document{}); ending.Code(err) != ending.Usage || !strings.Contains(ending.NextStep("provision status", err), "provision up") {
		t.Errorf("nowhere: %v", err)
	}
}

// A log that can't be written any more ends the run before its next write: no change is without a record. All that was
// created is in the state, and the next run resumes.
func TestLostLogEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, dir := sandbox.New(sandbox.Options{}), t.TempDir()
		o := optionsFor(t, box, dir, small+"regions: [eu-west-1]\n", config.Overrides{})
		file := &smallDisk{room: 12}
		o.Log.File, o.Log.open = "calls.ndjson", func(string) (logFile, error) { return file, nil }
		s, err := Open(t.Context(), o, &listener{}, asUp)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := s.Bound(t.Context())
		defer stop()
		err = s.Stack.Apply(ctx, s.Stack.Plan(ctx)).Err()
		err = errors.Join(err, s.Close(t.Context()))
		if lost, ok := errors.AsType[*LogError](err); !ok || lost.File != "calls.ndjson" || !strings.Contains(lost.NextStep(), "--log-file") {
			t.Errorf("got %v", err)
		}
		written := 0
		for _, c := range box.Calls() {
			if c.Mutating {
				written++
			}
		}
		const atOnce = 8 // calls under way when the first record is lost
		if written == 0 || written > file.room+atOnce {
			t.Errorf("%d writes, and room for %d records", written, file.room)
		}
		o.Log = Log{}
		s, err = Open(t.Context(), o, &listener{}, asUp)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Stack.Apply(t.Context(), s.Stack.Plan(t.Context())).Err(); err != nil {
			t.Errorf("the next run: %v", err)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// smallDisk has room for so many lines.
type smallDisk struct {
	room  int
	mu    sync.Mutex
	lines int
}

func (d *smallDisk) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lines++; d.lines > d.room {
		return 0, syscall.ENOSPC
	}
	return len(line), nil
}

func (*smallDisk) Close() error { return nil }
