package state

import (
	"errors"
	"io"
	"os"
)

// maxSize is far above any state: one of all of AWS's regions has less than a megabyte.
const maxSize = 64 << 20

var errTooLarge = errors.New("it is larger than any state")

// mustBeRegular refuses what is there and is no file that ends: to open a pipe may wait for ever, and what a device holds
// has no end.
func mustBeRegular(path string) error {
	switch info, _ := os.Stat(path); {
	case info == nil: // there is nothing, or it is out of reach, which opening it tells
		return nil
	case info.IsDir():
		return errors.New("it is a directory")
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Size() > maxSize:
		return errTooLarge
	}
	return nil
}

// readLimited reads a file up to just beyond maxSize, so that unseal sees that it is too large: it may have grown.
func readLimited(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxSize+1))
}
