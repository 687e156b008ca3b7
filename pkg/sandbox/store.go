package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"

	"provision/pkg/safefile"
)

// halfWritten ends the names of files that are to replace the sandbox's when they are complete.
const halfWritten = ".tmp"

// maxFile is far above what the accounts of a sandbox come to.
const maxFile = 1 << 30

// ErrInUse is that another process has the sandbox's file open.
var ErrInUse = errors.New("another process uses this sandbox")

// store is the file of a sandbox. Every answered call is in it: calls that end together share one write.
type store struct {
	path string
	lock *flock.Flock

	changes atomic.Int64 // counted before each wish to save
	writing atomic.Bool
	mu      sync.Mutex // held while writing
	saved   int64      // the changes that are in the file
}

// Open returns a sandbox that lives in a file, which need not exist yet. Between processes its time passes as real
// time does, whatever the clock's speed. Only one process has it open at a time: others get [ErrInUse]. See
// [Sandbox.Close].
func Open(path string, o Options) (*Sandbox, error) {
	if err := safefile.MkdirAll(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("making the folder of the sandbox: %w", err)
	}
	lock, err := hold(path)
	if err != nil {
		return nil, err
	}
	s := New(o)
	if err := s.read(path); err != nil {
		err = fmt.Errorf("reading the sandbox %s: %w; `provision sandbox reset` starts over", path, err)
		return nil, errors.Join(err, lock.Unlock())
	}
	s.store = &store{path: path, lock: lock}
	return s, nil
}

// hold makes this process the only one that uses the file, until the lock is let go.
func hold(path string) (*flock.Flock, error) {
	if err := safefile.Check(path + ".lock"); err != nil {
		return nil, fmt.Errorf("locking the sandbox %s: %w", path, err)
	}
	lock := flock.New(path+".lock", flock.SetPermissions(safefile.FileMode), flock.SetFlag(os.O_CREATE|os.O_RDWR|safefile.NoFollow))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the sandbox %s: %w", path, err)
	}
	if !held {
		return nil, fmt.Errorf("sandbox %s: %w", path, ErrInUse)
	}
	return lock, nil
}

// Remove removes the file of a sandbox, even one that can't be read, but not while a process has it open: that would
// write it again, and gets [ErrInUse]. If there is no such file, the error is [fs.ErrNotExist].
func Remove(path string) error {
	lock, err := hold(path)
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(path), lock.Unlock())
}

// read restores what the file has, if it is there, and clears away what a process left that was killed while writing.
func (s *Sandbox) read(path string) error {
	halves, err := filepath.Glob(path + ".*" + halfWritten)
	if err != nil {
		return err
	}
	for _, half := range halves {
		if err := os.Remove(half); err != nil {
			return err
		}
	}
	data, err := safefile.Read(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Restore(data)
}

// Close saves a sandbox that lives in a file, and lets go of the file.
func (s *Sandbox) Close() error {
	if s.store == nil {
		return nil
	}
	return errors.Join(s.store.write(s), s.store.lock.Unlock())
}

// save makes sure that all that has happened is in the file.
func (s *Sandbox) save() error {
	if s.store == nil {
		return nil
	}
	mine := s.store.changes.Add(1)
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.store.saved >= mine {
		return nil
	}
	s.store.writing.Store(true)
	defer s.store.writing.Store(false)
	covered := s.store.changes.Load()
	if err := s.store.write(s); err != nil {
		return err
	}
	s.store.saved = covered
	return nil
}

// settle waits for a write in progress: what a call has seen may be in it.
func (s *Sandbox) settle() {
	if s.store == nil || !s.store.writing.Load() {
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
}

// write replaces the file as a whole: a reader sees the old or the new, whenever the machine stops.
func (st *store) write(s *Sandbox) error {
	data, err := s.Snapshot()
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(st.path), filepath.Base(st.path)+".*"+halfWritten)
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), st.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return syncFolder(filepath.Dir(st.path))
}

// syncFolder makes a rename durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(folder.Sync()), folder.Close())
}

// ignoreUnsupported: there are systems where a folder can't be synced.
func ignoreUnsupported(err error) error {
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}
