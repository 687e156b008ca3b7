package safefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The modes of what is created, whatever the umask.
const (
	FileMode   fs.FileMode = 0o600
	FolderMode fs.FileMode = 0o700
)

// UnsafeError says that a path leads to something other than a file of its own.
type UnsafeError struct{ Path, Why string }

func (e *UnsafeError) Error() string { return fmt.Sprintf("%s is %s: it is not used", e.Path, e.Why) }

// ErrTooLarge is the cause if a file holds more than was asked for.
var ErrTooLarge = errors.New("the file is too large")

// Open opens a regular file to read. It does not follow a symbolic link at the end of the path.
func Open(path string) (*os.File, error) { return open(path, os.O_RDONLY, 0) }

// Update opens a file that exists to read and write it in place.
func Update(path string) (*os.File, error) { return open(path, os.O_RDWR, 0) }

// Create makes a file, which must not exist yet.
func Create(path string) (*os.File, error) {
	return private(open(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, FileMode))
}

// Append opens a file to add to its end, and makes it if it does not exist. One that exists keeps its mode, and must be of the
// kind.
func Append(path string, kind Kind) (*os.File, error) {
	file, err := private(open(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, FileMode))
	if !errors.Is(err, fs.ErrExist) {
		return file, err
	}
	if file, err = open(path, os.O_RDWR|os.O_APPEND, 0); err != nil {
		return nil, err
	}
	if err := kind.check(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Read is the whole content of a file; one with more bytes than most is an [ErrTooLarge].
func Read(path string, most int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(data)) > most {
		err = ErrTooLarge
	}
	return data, err
}

// Check is an [UnsafeError] if something other than a file of its own is at the path. Nothing at all is no error: the next
// call creates it.
func Check(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return check(path, info)
}

// MkdirAll creates a folder and those above it. Existing ones keep their mode.
func MkdirAll(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if above := filepath.Dir(path); above != path {
		if err := MkdirAll(above); err != nil {
			return err
		}
	}
	switch err := os.Mkdir(path, FolderMode); {
	case errors.Is(err, fs.ErrExist):
		if info, err := os.Stat(path); err == nil && info.IsDir() { // another run was faster
			return nil
		}
		return err
	case err != nil:
		return err
	}
	return os.Chmod(path, FolderMode)
}

func open(path string, how int, mode fs.FileMode) (*os.File, error) {
	if err := Check(path); err != nil { // a device may act when it is opened
		return nil, err
	}
	file, err := os.OpenFile(path, how|openFlags, mode)
	if err != nil {
		if isLink(err) {
			return nil, &UnsafeError{path, "a symbolic link"}
		}
		return nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = check(path, info)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// check tells from what is known of a file whether it is a regular one with a single name.
func check(path string, info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return &UnsafeError{path, "a directory"}
	case mode&fs.ModeSymlink != 0:
		return &UnsafeError{path, "a symbolic link"}
	case mode&fs.ModeNamedPipe != 0:
		return &UnsafeError{path, "a pipe"}
	case !mode.IsRegular():
		return &UnsafeError{path, "not a regular file"}
	}
	if links(info) > 1 {
		return &UnsafeError{path, "a file that has a second name (a hard link)"}
	}
	return nil
}

// private sets the mode of a file that was just created: the umask may have taken bits from its owner.
func private(file *os.File, err error) (*os.File, error) {
	if err != nil {
		return nil, err
	}
	if err := file.Chmod(FileMode); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
