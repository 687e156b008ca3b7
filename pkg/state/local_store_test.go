package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

// newLocal is a store in a directory that does not exist yet, with a clock that stands still.
func newLocal(t *testing.T) *Local {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".provision", "web.json")
	return NewLocal(path, Options{Now: func() time.Time { return someTime }})
}

func mustAcquire(t *testing.T, s Store, regions ...string) Lock {
	t.Helper()
	lock, err := s.Acquire(t.Context(), Request{Regions: regions, Holder: Self("test", someTime)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lock.Release(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return lock
}

func mustOpen(t *testing.T, lock Lock) *Writer {
	t.Helper()
	w, err := lock.Open(t.Context(), someHead)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func mustLoad(t *testing.T, s Store) Document {
	t.Helper()
	d, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func claims(keys ...graph.Key) []graph.Claim {
	var all []graph.Claim
	for _, key := range keys {
		all = append(all, graph.Claim{Key: key, Nonce: "nonce of " + string(key)})
	}
	return all
}

func mustDo(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestLocalLife(t *testing.T) {
	s := newLocal(t)
	if d := mustLoad(t, s); !d.Fresh() || !d.Empty() {
		t.Fatalf("there is a state before there is one: %v", d)
	}
	w := mustOpen(t, mustAcquire(t, s))
	if _, err := os.Stat(s.path); err == nil {
		t.Error("a file was written although nothing was recorded")
	}
	journal := w.Journal("eu-west-1")
	facts := Facts{CIDR: "10.7.0.0/16", Zones: []string{"euw1-az1"}, TagKeys: []string{"team"}}
	mustDo(t, w.SetFacts("eu-west-1", facts), journal.Claim(t.Context(), claims("vpc", "igw")))

	got := mustLoad(t, s)
	if saves := got.Serial; saves != 1 && saves != 2 { // the facts may have been saved before the claim came
		t.Errorf("two changes took %d saves", saves)
	}
	want := Document{
		Schema: Schema, Head: someHead, Serial: got.Serial, Updated: someTime,
		Regions: map[string]Region{"eu-west-1": {Facts: facts, Serial: got.Serial, Resources: map[graph.Key]Resource{
			"vpc": {Nonce: "nonce of vpc", Since: someTime}, "igw": {Nonce: "nonce of igw", Since: someTime},
		}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("after the claim:", diff)
	}

	mustDo(t, journal.Bind("vpc", "vpc-1"), journal.Forget("igw", ""), journal.Flush(t.Context()))
	left := map[graph.Key]Resource{"vpc": {ID: "vpc-1", Nonce: "nonce of vpc", Since: someTime}}
	if diff := cmp.Diff(left, mustLoad(t, s).Regions["eu-west-1"].Resources); diff != "" {
		t.Error("after the bind:", diff)
	}

	if err := w.Drop("eu-west-1"); err == nil {
		t.Error("dropped a region that still holds a resource")
	}
	mustDo(t, journal.Forget("vpc", "vpc-1"), w.Drop("eu-west-1"), w.Close(t.Context()))
	if d := mustLoad(t, s); d.Fresh() || !d.Empty() || len(d.Regions) != 0 {
		t.Errorf("after everything is gone: %v", d)
	}
	if err := journal.Bind("vpc", "vpc-2"); !errors.Is(err, errClosed) {
		t.Errorf("bind after close: %v", err)
	}
}

func TestNothingNewIsNotWritten(t *testing.T) {
	s := newLocal(t)
	w := mustOpen(t, mustAcquire(t, s))
	journal := w.Journal("eu-west-1")
	mustDo(t, w.SetFacts("eu-west-1", Facts{CIDR: "10.7.0.0/16"}), journal.Bind("vpc", "vpc-1"), w.Flush(t.Context()))
	before := mustLoad(t, s)
	mustDo(t, w.SetFacts("eu-west-1", Facts{CIDR: "10.7.0.0/16"}), journal.Bind("vpc", "vpc-1"), journal.Forget("igw", ""),
		journal.Claim(t.Context(), nil), w.Flush(t.Context()))
	if diff := cmp.Diff(before, mustLoad(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestLocalModes(t *testing.T) {
	s := newLocal(t)
	w := mustOpen(t, mustAcquire(t, s))
	mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")))
	for path, want := range map[string]os.FileMode{
		filepath.Dir(s.path): 0o700, s.path: 0o600, s.lockPath(): 0o600,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestLocalDamage(t *testing.T) {
	whole := mustSeal(t, someDocument())
	for name, spoil := range map[string]func(path string) error{
		"empty":       func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"cut off":     func(path string) error { return os.WriteFile(path, whole[:100], 0o600) },
		"edited":      func(path string) error { return os.WriteFile(path, bytes.ToUpper(whole), 0o600) },
		"directory":   func(path string) error { return os.Mkdir(path, 0o700) },
		"broken link": func(path string) error { return os.Symlink("elsewhere", path) },
		"newer":       func(path string) error { return os.WriteFile(path, resealed("  \"schema\": 9\n}\n"), 0o600) },
		"enormous": func(path string) error {
			return errors.Join(os.WriteFile(path, whole, 0o600), os.Truncate(path, 1<<40))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newLocal(t)
			mustDo(t, s.prepare(), spoil(s.path))
			_, err := s.Load(t.Context())
			if err == nil || !strings.Contains(err.Error(), s.path) || !strings.Contains(err.Error(), "it was left as it is") {
				t.Errorf("load: %v", err)
			}
			lock := mustAcquire(t, s)
			if w, err := lock.Open(t.Context(), someHead); err == nil {
				t.Errorf("opened as %v", w.Document())
			}
			mustDo(t, lock.Replace(t.Context(), someDocument()))
			if d := mustLoad(t, s); !d.sameAs(someDocument()) {
				t.Errorf("after it was replaced: %v", d)
			}
			if aside, err := filepath.Glob(s.path + ".damaged-*"); err != nil || len(aside) != 1 {
				t.Errorf("what was damaged is at %v, %v", aside, err)
			}
		})
	}
}

func TestCrashAtEachStepOfASave(t *testing.T) {
	steps := saveSteps(t)
	if len(steps) != 6*2 {
		t.Errorf("backup and file take the steps %v", steps)
	}
	for n, step := range steps {
		t.Run(fmt.Sprintf("%d %s", n, step), func(t *testing.T) {
			s := newLocal(t)
			saveOnce(t, s, "first")
			broken := NewLocal(s.path, Options{Now: s.now})
			broken.disk = &faultyDisk{after: n, err: errCrash}
			lock := mustAcquire(t, broken)
			err := mustOpen(t, lock).Journal("eu-west-1").Claim(t.Context(), claims("second"))
			if _, ok := errors.AsType[*WriteError](err); !ok || !errors.Is(err, errCrash) {
				t.Errorf("claim: %v", err)
			}
			mustDo(t, lock.Release(t.Context()))

			got := len(mustLoad(t, s).Regions["eu-west-1"].Resources)
			if renamed := n == len(steps)-1; got != 1 && !renamed || got != 2 && renamed {
				t.Errorf("%d resources are in the file", got)
			}
			saveOnce(t, s, "third")
			if _, err := os.Stat(s.path + ".tmp"); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a temporary file is left: %v", err)
			}
		})
	}
}

// saveSteps are the steps of the first save of a run.
func saveSteps(t *testing.T) []string {
	t.Helper()
	s := newLocal(t)
	saveOnce(t, s, "first")
	counting := &faultyDisk{after: math.MaxInt}
	s.disk = counting
	saveOnce(t, s, "second")
	return counting.steps
}

// saveOnce is a run that claims one thing.
func saveOnce(t *testing.T, s *Local, key graph.Key) {
	t.Helper()
	lock, err := s.Acquire(t.Context(), Request{Holder: Self("test", someTime)})
	mustDo(t, err)
	w := mustOpen(t, lock)
	mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims(key)), w.Close(t.Context()), lock.Release(t.Context()))
}

func TestFullDiskStopsClaimsAndListsWhatIsMissing(t *testing.T) {
	s := newLocal(t)
	w := mustOpen(t, mustAcquire(t, s))
	journal := w.Journal("eu-west-1")
	mustDo(t, journal.Claim(t.Context(), claims("vpc", "igw")))
	s.disk = fullDisk(0)

	mustDo(t, ignore(journal.Bind("vpc", "vpc-1")))
	if err := journal.Flush(t.Context()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("flush: %v", err)
	}
	if err := journal.Claim(t.Context(), claims("subnet/a")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("claim: %v", err)
	}
	if err := w.Journal("us-east-1").Bind("vpc", "vpc-2"); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("bind: %v", err)
	}
	want := []Unsaved{
		{"eu-west-1", graph.Entry{Key: "vpc", ID: "vpc-1", Nonce: "nonce of vpc", Since: someTime}},
		{"us-east-1", graph.Entry{Key: "vpc", ID: "vpc-2", Since: someTime}},
	}
	if diff := cmp.Diff(want, w.Unsaved()); diff != "" {
		t.Error("unsaved:", diff)
	}

	s.disk = realDisk{}
	mustDo(t, w.Flush(t.Context()))
	if missing := w.Unsaved(); missing != nil || mustLoad(t, s).Regions["us-east-1"].Resources["vpc"].ID != "vpc-2" {
		t.Errorf("after there was room again: %v, %v", missing, mustLoad(t, s))
	}
	if err := journal.Claim(t.Context(), claims("subnet/a")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a run that once could not write claims again: %v", err)
	}
}

// ignore is for a Bind that sees, or does not see, the failure of a save that runs in parallel.
func ignore(error) error { return nil }

func TestLocalIdentity(t *testing.T) {
	s := newLocal(t)
	saveOnce(t, s, "vpc")
	other, sandbox, endpoint := someHead, someHead, someHead
	other.Account, sandbox.Sandbox, endpoint.Endpoint = "210987654321", true, "localhost"
	other.Owner = owner2
	lock := mustAcquire(t, s)
	for _, c := range []struct {
		run  Head
		next string // what its error says to do
	}{{other, "provision recover"}, {sandbox, "omit --sandbox"}, {endpoint, "provision recover"}} {
		_, err := lock.Open(t.Context(), c.run)
		if _, ok := errors.AsType[*IdentityError](err); !ok || !strings.Contains(err.Error(), c.next) {
			t.Errorf("run %v: %v", c.run, err)
		}
	}
	w := mustOpen(t, lock)
	mustDo(t, w.Journal("eu-west-1").Forget("vpc", "vpc-1"), w.Close(t.Context()))
	w, err := lock.Open(t.Context(), other)
	if err != nil || w.Document().Head != other {
		t.Errorf("an empty state is not taken over: %v, %v", w, err)
	}
}

func TestLocalHistory(t *testing.T) {
	s := newLocal(t)
	if versions, err := s.History(t.Context()); err != nil || versions != nil {
		t.Errorf("history of nothing: %v, %v", versions, err)
	}
	saveOnce(t, s, "first")
	saveOnce(t, s, "second")
	versions, err := s.History(t.Context())
	want := []Version{
		{ID: VersionCurrent, Serial: 2, Time: someTime, Current: true}, {ID: VersionBackup, Serial: 1, Time: someTime},
	}
	if diff := cmp.Diff(want, versions); diff != "" || err != nil {
		t.Error(diff, err)
	}
	mustDo(t, Restore(t.Context(), s, mustAcquire(t, s), VersionBackup))
	if d := mustLoad(t, s); len(d.Regions["eu-west-1"].Resources) != 1 || d.Serial != 3 {
		t.Errorf("restored: %v", d)
	}
	if _, err := s.LoadVersion(t.Context(), "yesterday"); err == nil {
		t.Error("there is a version that there is not")
	}
}

func TestLocalDiscard(t *testing.T) {
	s := newLocal(t)
	lock := mustAcquire(t, s)
	w := mustOpen(t, lock)
	journal := w.Journal("eu-west-1")
	mustDo(t, journal.Claim(t.Context(), claims("vpc")))
	if err := lock.Discard(t.Context()); err == nil {
		t.Error("discarded a state that holds a resource")
	}
	mustDo(t, journal.Forget("vpc", "vpc-1"), w.Close(t.Context()), lock.Discard(t.Context()))
	if d := mustLoad(t, s); !d.Fresh() {
		t.Errorf("discarded: %v", d)
	}
	if d, err := s.LoadVersion(t.Context(), VersionBackup); err != nil || !d.Empty() {
		t.Errorf("backup: %v, %v", d, err)
	}
}

// A link, or a second name, can lead to another user's file: the program reads and writes neither the state, nor its
// lock, nor a crash's temporary file through one.
func TestLocalLinksAreNotFollowed(t *testing.T) {
	for name, put := range map[string]func(victim, path string) error{"link": os.Symlink, "second name": os.Link} {
		for _, ending := range []string{"", ".lock"} {
			path := filepath.Join(t.TempDir(), "web.json")
			victim := filepath.Join(t.TempDir(), "victim")
			mustDo(t, os.WriteFile(victim, []byte("x"), 0o600), put(victim, path+ending))
			s := NewLocal(path, Options{})
			err := s.CheckWritable(t.Context())
			if err == nil {
				_, err = s.Acquire(t.Context(), Request{Regions: []string{Global}, Holder: Self("test", someTime)})
			}
			if err == nil {
				t.Errorf("%s in place of web.json%s: it is used", name, ending)
			}
			if text, err := os.ReadFile(victim); err != nil || string(text) != "x" {
				t.Errorf("%s in place of web.json%s: the victim holds %q, %v", name, ending, text, err)
			}
		}
	}
	path, victim := filepath.Join(t.TempDir(), "web.json"), filepath.Join(t.TempDir(), "victim")
	mustDo(t, os.WriteFile(victim, []byte("x"), 0o600), os.Symlink(victim, path+".tmp"))
	saveOnce(t, NewLocal(path, Options{}), "first")
	if text, err := os.ReadFile(victim); err != nil || string(text) != "x" {
		t.Errorf("in place of the temporary file: the victim holds %q, %v", text, err)
	}
}
