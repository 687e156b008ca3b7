package state

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"provision/pkg/graph"
)

// holdElsewhere starts a process that holds the lock. It ends when the returned function is called.
func holdElsewhere(t *testing.T, path string) (*exec.Cmd, func()) {
	t.Helper()
	cmd := process(t, "hold", path)
	in, err := cmd.StdinPipe()
	mustDo(t, err)
	out, err := cmd.StdoutPipe()
	mustDo(t, err, cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "locked\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	end := sync.OnceFunc(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	t.Cleanup(end)
	return cmd, end
}

func TestLockedByAnotherProcess(t *testing.T) {
	s := newLocal(t)
	cmd, end := holdElsewhere(t, s.path)

	_, err := s.Acquire(t.Context(), Request{Holder: Self("test", someTime)})
	locked, ok := errors.AsType[*LockedError](err)
	if !ok || locked.Holder.PID != cmd.Process.Pid || locked.Holder.Command != "hold" || locked.Holder.Host == "" ||
		!locked.Holder.Since.Equal(someTime) {
		t.Fatalf("got %v", err)
	}
	if holders, err := s.Holders(t.Context()); err != nil || len(holders) != 1 || !holders[0].same(locked.Holder) {
		t.Errorf("holders: %v, %v", holders, err)
	}
	if err := s.Breakable(t.Context()); err == nil || !strings.Contains(err.Error(), "is alive") {
		t.Errorf("who asks first is told %v", err)
	}
	if _, err := s.Unlock(t.Context()); err == nil || !strings.Contains(err.Error(), "is alive") {
		t.Errorf("unlock of a live process's lock: %v", err)
	}

	waited := make(chan Holder, 1)
	go func() {
		<-waited
		end()
	}()
	lock, err := s.Acquire(t.Context(), Request{
		Holder: Self("test", someTime), Timeout: time.Hour, Waiting: func(h Holder) { waited <- h },
	})
	mustDo(t, err, lock.Release(t.Context()))
	if holders, err := s.Holders(t.Context()); err != nil || holders != nil {
		t.Errorf("holders after the release: %v, %v", holders, err)
	}
}

func TestWaitForALockEndsWithItsContext(t *testing.T) {
	s := newLocal(t)
	mustAcquire(t, s)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("interrupted")
	_, err := s.Acquire(ctx, Request{Timeout: time.Hour, Waiting: func(Holder) { cancel(why) }})
	if _, ok := errors.AsType[*LockedError](err); !ok || !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

func TestDeadProcessesLockIsTakenOver(t *testing.T) {
	s := newLocal(t)
	cmd, end := holdElsewhere(t, s.path)
	mustDo(t, cmd.Process.Kill())
	end()
	if holders, err := s.Holders(t.Context()); err != nil || len(holders) != 0 {
		t.Errorf("a dead process holds it: %v, %v", holders, err)
	}
	saveOnce(t, s, "vpc")
}

func TestHalfWrittenHolderIsTakenOver(t *testing.T) {
	s := newLocal(t)
	mustDo(t, s.prepare(), os.WriteFile(s.lockPath(), []byte("\x00{\"pid\": 4"), 0o600))
	saveOnce(t, s, "vpc")
}

func TestAnotherHostsLockIsOnlyBroken(t *testing.T) {
	s := newLocal(t)
	theirs := Self("up", someTime)
	theirs.Host = "another-host"
	mustDo(t, s.prepare(), os.WriteFile(s.lockPath(), nil, 0o600), s.writeHolder(theirs))

	_, err := s.Acquire(t.Context(), Request{Holder: Self("test", someTime)})
	if _, ok := errors.AsType[*LockedError](err); !ok || !strings.Contains(err.Error(), "another-host") {
		t.Fatalf("got %v", err)
	}
	if err := s.Breakable(t.Context()); err != nil {
		t.Errorf("who asks first is told %v", err)
	}
	if broken, err := s.Unlock(t.Context()); err != nil || len(broken) != 1 || broken[0].Host != "another-host" {
		t.Errorf("unlock: %v, %v", broken, err)
	}
	saveOnce(t, s, "vpc")
}

func TestBrokenLockStopsWriting(t *testing.T) {
	s := newLocal(t)
	lock := mustAcquire(t, s)
	w := mustOpen(t, lock)
	mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")), s.writeHolder(Holder{}))

	err := w.Journal("eu-west-1").Claim(t.Context(), claims("igw"))
	if _, ok := errors.AsType[*LostError](err); !ok {
		t.Errorf("claim: %v", err)
	}
	select {
	case <-lock.Lost():
	default:
		t.Error("nobody is told that the lock is lost")
	}
	if got := len(mustLoad(t, s).Regions["eu-west-1"].Resources); got != 1 {
		t.Errorf("%d resources were written", got)
	}
	if missing := w.Unsaved(); len(missing) != 1 || missing[0].Key != "igw" {
		t.Errorf("unsaved: %v", missing)
	}
}

func TestUnwritablePlaces(t *testing.T) {
	dir := t.TempDir()
	mustDo(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600), os.Mkdir(filepath.Join(dir, "web.json"), 0o700))
	for _, path := range []string{filepath.Join(dir, "file", "web.json"), filepath.Join(dir, "web.json")} {
		err := NewLocal(path, Options{}).CheckWritable(t.Context())
		if _, ok := errors.AsType[*UnwritableError](err); !ok || !strings.Contains(err.Error(), "can't be kept at") {
			t.Errorf("%s: %v", path, err)
		}
	}
	s := newLocal(t)
	mustDo(t, s.CheckWritable(t.Context()))
	if left, err := os.ReadDir(filepath.Dir(s.path)); err != nil || len(left) != 0 {
		t.Errorf("the check left %v, %v", left, err)
	}
}

func TestManyProcessesTakeTurns(t *testing.T) {
	s := newLocal(t)
	var all []*exec.Cmd
	for range 20 {
		cmd := process(t, "claim", s.path)
		mustDo(t, cmd.Start())
		all = append(all, cmd)
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	d := mustLoad(t, s)
	for _, cmd := range all {
		key := graph.Key(fmt.Sprintf("thing/%d", cmd.Process.Pid))
		if _, ok := d.Regions["eu-west-1"].Resources[key]; !ok {
			t.Errorf("%s is lost", key)
		}
	}
	if d.Serial != uint64(len(all)) {
		t.Errorf("serial %d after %d writes", d.Serial, len(all))
	}
}

func TestKilledWriterLosesNothingThatWasDurable(t *testing.T) {
	s := newLocal(t)
	for kill := range 20 {
		cmd := process(t, "write", s.path)
		out, err := cmd.StdoutPipe()
		mustDo(t, err, cmd.Start())
		lines := bufio.NewScanner(out)
		var durable []string
		for range 1 + kill%7 {
			if lines.Scan() {
				durable = append(durable, lines.Text())
			}
		}
		mustDo(t, cmd.Process.Kill())
		for lines.Scan() { // what it said before it died
			durable = append(durable, lines.Text())
		}
		_ = cmd.Wait()
		region := mustLoad(t, s).Regions["eu-west-1"]
		for _, key := range durable {
			if _, ok := region.Resources[graph.Key(key)]; !ok {
				t.Fatalf("kill %d: %s was durable and is lost", kill, key)
			}
		}
		if len(durable) == 0 {
			t.Fatalf("kill %d: nothing was ever durable: %v", kill, lines.Err())
		}
	}
}
