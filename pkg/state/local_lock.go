package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"provision/pkg/safefile"

	"provision/pkg/clock"
)

// errReleased is why a lock that was given back no longer holds.
var errReleased = errors.New("it was released")

const localPoll = 100 * time.Millisecond // between two tries to get a lock

// localLock is an flock, which the system releases when its process ends, and the holder's name, which stays. On a
// network file system the system may fail to release it, or hide it from others: there the name decides, and only
// Unlock removes a name of another host.
type localLock struct {
	store  *Local
	flock  *flock.Flock
	holder Holder

	mu   sync.Mutex
	err  error
	lost chan struct{}
}

// Acquire implements [Store].
func (s *Local) Acquire(ctx context.Context, r Request) (Lock, error) {
	if err := s.prepare(); err != nil {
		return nil, &UnwritableError{Location: s.path, Err: err}
	}
	r.Holder.Since = stamp(r.Holder.Since)
	deadline := time.Now().Add(r.Timeout)
	for told := false; ; told = true {
		lock, err := s.tryLock(r.Holder)
		locked, held := errors.AsType[*LockedError](err)
		if !held || !time.Now().Before(deadline) {
			if err != nil {
				return nil, err
			}
			return lock, nil
		}
		if !told && r.Waiting != nil {
			r.Waiting(locked.Holder)
		}
		if err := clock.Sleep(ctx, localPoll); err != nil {
			return nil, errors.Join(err, locked)
		}
	}
}

func (s *Local) tryLock(h Holder) (*localLock, error) {
	if err := mustBeRegular(s.lockPath()); err != nil {
		return nil, &UnwritableError{Location: s.path, Err: fmt.Errorf("its lock %s: %w", s.lockPath(), err)}
	}
	file := newFlock(s.lockPath())
	got, err := file.TryLock()
	if err != nil {
		return nil, &UnwritableError{Location: s.path, Err: fmt.Errorf("lock it: %w", err)}
	}
	there, err := s.readHolder()
	if err == nil && (!got || there.Host != "" && there.Host != h.Host) {
		err = &LockedError{Location: s.path, Holder: there}
	}
	if err == nil {
		if err = s.writeHolder(h); err != nil {
			err = &UnwritableError{Location: s.path, Err: err}
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &localLock{store: s, flock: file, holder: h, lost: make(chan struct{})}, nil
}

// Lost implements [Lock].
func (l *localLock) Lost() <-chan struct{} { return l.lost }

// Err implements [Lock].
func (l *localLock) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// check makes sure that the lock file still names this run. A user may have broken the lock, or removed its file.
func (l *localLock) check() error {
	if err := l.Err(); err != nil {
		return err
	}
	there, err := l.store.readHolder()
	switch {
	case err != nil:
		return l.lose(err)
	case there.same(l.holder):
		return nil
	case there == Holder{}:
		return l.lose(errors.New("it was broken, or its file was removed"))
	}
	return l.lose(fmt.Errorf("%s has it", there))
}

func (l *localLock) lose(why error) error {
	if l.end(why) {
		close(l.lost)
	}
	return l.Err()
}

// end makes l refuse everything from now on, and says whether it did not before.
func (l *localLock) end(why error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return false
	}
	l.err = &LostError{Location: l.store.path, Err: why}
	return true
}

// Release implements [Lock]. The lock's file stays: a run that removed it could remove one that another has just
// locked.
func (l *localLock) Release(context.Context) error {
	var err error
	if l.check() == nil {
		err = l.store.writeHolder(Holder{})
		l.end(errReleased)
	}
	return errors.Join(err, l.flock.Close())
}

// Holders implements [Store]. A name that a dead process of this host left holds nothing.
func (s *Local) Holders(context.Context) ([]Holder, error) {
	h, err := s.readHolder()
	if err != nil || h == (Holder{}) || h.dead() {
		return nil, err
	}
	return []Holder{h}, nil
}

// Breakable implements [Store]. A lock that a live process of this host holds can't be broken: end the process.
func (s *Local) Breakable(context.Context) error {
	file, err := s.grab()
	if file == nil || err != nil {
		return err
	}
	return file.Close()
}

// Unlock implements [Store].
func (s *Local) Unlock(context.Context, ...string) ([]Holder, error) {
	h, err := s.readHolder()
	if err != nil {
		return nil, err
	}
	file, err := s.grab()
	if file == nil || err != nil {
		return nil, err
	}
	err = errors.Join(s.writeHolder(Holder{}), file.Close())
	if err != nil || h == (Holder{}) {
		return nil, err
	}
	return []Holder{h}, nil
}

// grab locks the lock's file, of any holder, unless a process has it open; nil if there is none.
func (s *Local) grab() (*flock.Flock, error) {
	if _, err := os.Stat(s.lockPath()); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	file := newFlock(s.lockPath())
	got, err := file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", s.lockPath(), err)
	}
	if got {
		return file, nil
	}
	h, err := s.readHolder()
	if err == nil {
		err = fmt.Errorf("break the lock of the state %s: process %d is alive on host %s: end it first", s.path, h.PID, h.Host)
	}
	return nil, errors.Join(err, file.Close())
}

func (s *Local) lockPath() string { return s.path + ".lock" }

// The holder is in the lock's file after one byte that stays unwritten: on Windows no other process can touch that byte
// while it is locked.
const holderAt = 1

// readHolder is the lock's holder; the zero Holder if the file has no name, or half of one.
func (s *Local) readHolder() (Holder, error) {
	if err := mustBeRegular(s.lockPath()); err != nil {
		return Holder{}, fmt.Errorf("read the holder of the lock %s: %w", s.lockPath(), err)
	}
	file, err := safefile.Open(s.lockPath())
	if errors.Is(err, os.ErrNotExist) {
		return Holder{}, nil
	}
	if err != nil {
		return Holder{}, fmt.Errorf("read the holder of the lock: %w", err)
	}
	defer file.Close()
	text := make([]byte, 4096)
	n, _ := file.ReadAt(text, holderAt)
	var h Holder
	if json.NewDecoder(bytes.NewReader(text[:n])).Decode(&h) != nil {
		return Holder{}, nil
	}
	return h, nil
}

func (s *Local) writeHolder(h Holder) error {
	file, err := safefile.Update(s.lockPath())
	if err != nil {
		return fmt.Errorf("write the holder of the lock: %w", err)
	}
	var text []byte
	if h != (Holder{}) {
		if text, err = json.Marshal(h); err != nil {
			return err
		}
		text = append(text, '\n')
	}
	err = file.Truncate(holderAt)
	if err == nil {
		_, err = file.WriteAt(text, holderAt)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write the holder of the lock: %w", err)
	}
	return nil
}

// prepare makes the state's directory.
func (s *Local) prepare() error { return safefile.MkdirAll(filepath.Dir(s.path)) }

// newFlock does not follow a link, which could lead the lock to a file of another's.
func newFlock(path string) *flock.Flock {
	return flock.New(path, flock.SetPermissions(safefile.FileMode), flock.SetFlag(os.O_CREATE|os.O_RDWR|safefile.NoFollow))
}
