package terminal

import (
	"errors"
	"io/fs"
	"os"

	"provision/pkg/ending"
)

// CheckWritable finds out before anything else whether a file that a flag names can be written: after the run that is too
// late. It leaves a file that is there as it is, and none that is not. A pipe or a device is not tried: it may wait for a
// reader.
func CheckWritable(flag, path string) error {
	if path == "" {
		return nil
	}
	how := os.O_WRONLY
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		how |= os.O_CREATE | os.O_EXCL
	case err == nil && !info.Mode().IsRegular() && !info.IsDir():
		return nil
	}
	file, err := os.OpenFile(path, how, 0o600)
	if err == nil {
		err = file.Close()
		if how&os.O_CREATE != 0 {
			err = errors.Join(err, os.Remove(path))
		}
	}
	if err == nil {
		return nil
	}
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		err = cause.Err
	}
	return ending.Usagef("%s: %s can't be written: %w", flag, path, err)
}
