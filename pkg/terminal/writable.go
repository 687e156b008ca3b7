package terminal

import (
	"errors"
	"io/fs"
	"os"

	"provision/pkg/ending"
	"provision/pkg/safefile"
)

// CheckWritable checks before the run whether a file that a flag names can be written: after the run that is too late.
// It neither changes an existing file nor leaves a new one. It refuses a file of another kind, such as a state or the
// settings, and any path that is not a file of its own: a link, a pipe, a device.
func CheckWritable(flag, path string, kind safefile.Kind) error {
	if path == "" {
		return nil
	}
	err := safefile.Replaceable(path, kind)
	if err == nil {
		err = tryToWrite(path)
	}
	if err == nil {
		return nil
	}
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		err = cause.Err
	}
	return ending.Usagef("%s: %s can't be written: %w", flag, path, err)
}

func tryToWrite(path string) error {
	file, err := safefile.Create(path)
	if errors.Is(err, fs.ErrExist) {
		if file, err = safefile.Update(path); err != nil {
			return err
		}
		return file.Close()
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(path))
}
