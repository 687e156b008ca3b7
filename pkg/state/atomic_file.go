package state

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"provision/pkg/safefile"
)

// disk is what an atomic write does to a file system, so that tests can break it off at every step.
type disk interface {
	Create(path string) (diskFile, error) // empty, for its owner alone
	Rename(from, to string) error
	SyncDir(dir string) error
}

type diskFile interface {
	io.WriteCloser
	Sync() error
}

// writeAtomic makes data the content of the file at path, such that after a crash the file has either its old content
// or the new one. It takes the same temporary file each time, so that crashes leave one at most: only the holder of
// the lock may write.
func writeAtomic(fs disk, path string, data []byte) error {
	temp := path + ".tmp"
	if err := writeSynced(fs, temp, data); err != nil {
		return err
	}
	if err := fs.Rename(temp, path); err != nil {
		return err
	}
	// Without this the directory may still name the old file after a power failure.
	return fs.SyncDir(filepath.Dir(path))
}

func writeSynced(fs disk, path string, data []byte) error {
	file, err := fs.Create(path)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// realDisk is the operating system's.
type realDisk struct{}

// Create implements [disk].
func (realDisk) Create(path string) (diskFile, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // what a crash left, or a link to another's file
		return nil, err
	}
	return safefile.Create(path)
}

// Rename implements [disk].
func (realDisk) Rename(from, to string) error { return os.Rename(from, to) }

// SyncDir implements [disk]. Windows can't sync a directory, and journals its renames automatically.
func (realDisk) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}
