package state

import (
	"errors"
	"io"
	"os"

	"provision/pkg/safefile"
)

// maxSize is far above any state: one of all of AWS's regions has less than a megabyte.
const maxSize = 64 << 20

var errTooLarge = errors.New("it is larger than any state")

// mustBeRegular refuses a path that exists and is not a file of its own: opening a pipe can wait forever, a device's
// content has no end, and a link leads to a file that may belong to another user.
func mustBeRegular(path string) error {
	if err := safefile.Check(path); err != nil {
		if unsafe, ok := errors.AsType[*safefile.UnsafeError](err); ok {
			return errors.New("it is " + unsafe.Why)
		}
		return nil // it is out of reach, which opening it tells
	}
	if info, err := os.Lstat(path); err == nil && info.Size() > maxSize {
		return errTooLarge
	}
	return nil
}

// readLimited reads a file up to just beyond maxSize, so that unseal sees that it is too large: it may have grown.
func readLimited(path string) ([]byte, error) {
	file, err := safefile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxSize+1))
}
