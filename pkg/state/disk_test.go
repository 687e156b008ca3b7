package state

import (
	"errors"
	"sync"
	"syscall"
)

var errCrash = errors.New("the machine stopped here")

// faultyDisk does what the real one does until a step of its choice, and nothing after it.
type faultyDisk struct {
	realDisk

	mu    sync.Mutex
	after int   // steps that still work
	err   error // of the steps that don't
	heals bool  // only one step fails
	steps []string
}

// step counts one step, and says whether it fails.
func (d *faultyDisk) step(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, name)
	if d.after--; d.after >= 0 || d.heals && d.after < -1 {
		return nil
	}
	return d.err
}

func (d *faultyDisk) Create(path string) (diskFile, error) {
	if err := d.step("create"); err != nil {
		return nil, err
	}
	file, err := d.realDisk.Create(path)
	return faultyFile{file, d}, err
}

func (d *faultyDisk) Rename(from, to string) error {
	if err := d.step("rename"); err != nil {
		return err
	}
	return d.realDisk.Rename(from, to)
}

func (d *faultyDisk) SyncDir(dir string) error {
	if err := d.step("sync directory"); err != nil {
		return err
	}
	return d.realDisk.SyncDir(dir)
}

type faultyFile struct {
	diskFile
	disk *faultyDisk
}

// Write writes half of it before it fails, as a full disk does.
func (f faultyFile) Write(data []byte) (int, error) {
	if err := f.disk.step("write"); err != nil {
		n, _ := f.diskFile.Write(data[:len(data)/2])
		return n, err
	}
	return f.diskFile.Write(data)
}

func (f faultyFile) Sync() error {
	if err := f.disk.step("sync"); err != nil {
		return err
	}
	return f.diskFile.Sync()
}

func (f faultyFile) Close() error { return errors.Join(f.disk.step("close"), f.diskFile.Close()) }

// fullDisk has no room left after so many steps.
func fullDisk(after int) *faultyDisk { return &faultyDisk{after: after, err: syscall.ENOSPC} }
