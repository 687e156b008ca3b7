package state

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Local keeps a stack's state in a file on this machine: the file itself, its lock next to it (.lock), and the file
// before the last run that changed it (.bak).
type Local struct {
	path string
	disk disk
	now  func() time.Time
}

// NewLocal keeps a state at path, which must not be a symbolic link: it could lead to a file of another's.
func NewLocal(path string, opts Options) *Local {
	return &Local{path: path, disk: realDisk{}, now: opts.now()}
}

// Location implements [Store].
func (s *Local) Location() string { return s.path }

// Load implements [Store].
func (s *Local) Load(context.Context) (Document, error) {
	d, _, err := s.read(s.path)
	return d, err
}

// read returns the document at path, and its bytes. No file is a fresh document.
func (s *Local) read(path string) (Document, []byte, error) {
	if err := mustBeRegular(path); err != nil {
		return Document{}, nil, &CorruptError{Location: path, Cause: err.Error()}
	}
	data, err := readLimited(path)
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Lstat(path); err == nil {
			return Document{}, nil, &CorruptError{Location: path, Cause: "it is a link to a file that is not there"}
		}
		return Document{}, nil, nil
	}
	if err != nil {
		return Document{}, nil, &CorruptError{Location: path, Cause: "it can't be read", Err: err}
	}
	var d Document
	if err := unseal(path, data, &d); err != nil {
		return Document{}, data, err
	}
	return d, data, nil
}

// CheckWritable implements [Store].
func (s *Local) CheckWritable(context.Context) error {
	err := s.prepare()
	if err == nil {
		err = s.probe()
	}
	if err != nil {
		return &UnwritableError{Location: s.path, Err: err}
	}
	return nil
}

// probe writes a little file under a name of its own, since the lock is not held.
func (s *Local) probe() error {
	if err := mustBeRegular(s.path); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".check-*")
	if err != nil {
		return err
	}
	_, err = file.WriteString("may this be written?\n")
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

// Open implements [Lock].
func (l *localLock) Open(ctx context.Context, run Head) (*Writer, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	d, before, err := l.store.read(l.store.path)
	if err != nil {
		return nil, err
	}
	if d, err = begin(d, run, l.store.now()); err != nil {
		return nil, fmt.Errorf("the state %s: %w", l.store.path, err)
	}
	save := func(_ context.Context, d Document) error {
		if err := l.write(d, before); err != nil {
			return err
		}
		before = nil
		return nil
	}
	all := newLedger(ctx, l.store.path, d, ledgerOptions{now: l.store.now}, save)
	return &Writer{base: Document{Schema: Schema, Head: d.Head}, ledgers: map[string]*ledger{"": all}}, nil
}

// begin is the document that a run starts from.
func begin(d Document, run Head, now time.Time) (Document, error) {
	run.Created = stamp(now)
	if d.Fresh() {
		return Document{Schema: Schema, Head: run}, run.validate()
	}
	err := d.Check(run)
	if err != nil && d.Empty() && d.Stack == run.Stack {
		d.Head, d.Regions = run, nil
		return d, run.validate()
	}
	return d, err
}

// write saves a document, after a copy of what was there before it.
func (l *localLock) write(d Document, before []byte) error {
	if err := l.check(); err != nil {
		return err
	}
	data, err := seal(d)
	if err != nil {
		return err
	}
	if before != nil {
		if err := writeAtomic(l.store.disk, l.store.backupPath(), before); err != nil {
			return err
		}
	}
	return writeAtomic(l.store.disk, l.store.path, data)
}

// Replace implements [Lock]. A file that can't be read is moved to a name that ends in .damaged and the time.
func (l *localLock) Replace(_ context.Context, d Document) error {
	if err := l.check(); err != nil {
		return err
	}
	there, before, err := l.store.read(l.store.path)
	if err != nil {
		if err := l.store.moveAway(err); err != nil {
			return err
		}
		before = nil
	}
	d.Schema, d.Serial, d.Updated = Schema, max(d.Serial, there.Serial)+1, stamp(l.store.now())
	if err := l.write(d, before); err != nil {
		return &WriteError{Location: l.store.path, Err: err}
	}
	if there, _, err = l.store.read(l.store.path); err != nil {
		return err
	}
	if !d.sameAs(there) {
		return fmt.Errorf("%s does not hold what was just written to it", l.store.path)
	}
	return nil
}

func (s *Local) moveAway(why error) error {
	aside := s.path + ".damaged-" + s.now().UTC().Format("20060102T150405Z")
	if err := s.disk.Rename(s.path, aside); err != nil {
		return errors.Join(why, err)
	}
	return s.disk.SyncDir(filepath.Dir(s.path))
}

// Discard implements [Lock]. The file becomes the backup.
func (l *localLock) Discard(context.Context) error {
	if err := l.check(); err != nil {
		return err
	}
	d, _, err := l.store.read(l.store.path)
	if err != nil || d.Fresh() {
		return err
	}
	if !d.Empty() {
		return fmt.Errorf("the state %s still holds resources: it is kept", l.store.path)
	}
	if err := l.store.disk.Rename(l.store.path, l.store.backupPath()); err != nil {
		return err
	}
	return l.store.disk.SyncDir(filepath.Dir(l.store.path))
}

func (s *Local) backupPath() string { return s.path + ".bak" }
