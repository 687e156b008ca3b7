package state

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What a user or another run does to a lock's file ends the lock: the run that held it is told why, writes nothing more, and
// does not get the lock back when the file looks again as it did.
func TestALocalLockIsLostWithItsFile(t *testing.T) {
	holder := Self("test", someTime)
	theirs, later := holder, holder
	theirs.Command, later.Since = "down", someTime.Add(time.Hour)
	for name, c := range map[string]struct {
		act  func(s *Local) error
		says string
	}{
		"broken":            {func(s *Local) error { return s.writeHolder(Holder{}) }, "it was broken, or its file was removed"},
		"removed":           {func(s *Local) error { return os.Remove(s.lockPath()) }, "it was broken, or its file was removed"},
		"another command":   {func(s *Local) error { return s.writeHolder(theirs) }, "`down` (process"},
		"a later run":       {func(s *Local) error { return s.writeHolder(later) }, later.Since.Format(time.RFC3339) + " has it"},
		"can't be read":     {linkedAway, "it is a symbolic link"},
		"the name cut off":  {func(s *Local) error { return os.Truncate(s.lockPath(), 10) }, "it was broken"},
		"no change at all":  {func(*Local) error { return nil }, ""},
		"the same, written": {func(s *Local) error { return s.writeHolder(holder) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newLocal(t)
			lock := mustAcquire(t, s).(*localLock)
			mustDo(t, lock.check(), c.act(s))
			before := lostFor(t, lock, lock.check())
			mustSay(t, "check", errors.New(before), c.says)
			if (before == "") != (c.says == "") {
				t.Fatalf("lost for %q", before)
			}
			mustDo(t, os.RemoveAll(s.lockPath()), os.WriteFile(s.lockPath(), nil, 0o600), s.writeHolder(lock.holder))
			if again := lostFor(t, lock, lock.check()); again != before {
				t.Errorf("lost for %q, and when its name is back for %q", before, again)
			}
		})
	}
}

// linkedAway replaces a lock's file by a link to what another could own.
func linkedAway(s *Local) error {
	other := filepath.Join(filepath.Dir(s.lockPath()), "other")
	return errors.Join(os.Rename(s.lockPath(), other), os.Symlink(other, s.lockPath()))
}

// lostFor is why a lock is lost, as it tells all who ask; empty if it is not.
func lostFor(t *testing.T, lock *localLock, checked error) string {
	t.Helper()
	told := false
	select {
	case <-lock.Lost():
		told = true
	default:
	}
	if told != (checked != nil) || !errors.Is(lock.Err(), checked) {
		t.Errorf("the check says %v, the lock says %v, and its channel is closed: %v", checked, lock.Err(), told)
	}
	if checked == nil {
		return ""
	}
	lost, ok := errors.AsType[*LostError](checked)
	if !ok || lost.Location != lock.store.path || !strings.Contains(checked.Error(), "writes nothing more") {
		t.Errorf("got %v", checked)
	}
	return checked.Error()
}
