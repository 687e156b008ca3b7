package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Kind is what a file holds, as far as its first bytes tell: a file is only written over by one of its own kind.
type Kind struct {
	Name  string // such as "a saved plan"
	Known func(head []byte) bool
}

// headSize is how much of a file its kind is told from.
const headSize = 4096

// OtherKindError says that a file is kept since it holds something other than what would be written.
type OtherKindError struct{ Path, Kind string }

func (e *OtherKindError) Error() string {
	return fmt.Sprintf("%s exists and is not %s: it is not written over; remove it, or choose another name", e.Path, e.Kind)
}

// Replaceable tells whether [Replace] would write a file of this kind at the path.
func Replaceable(path string, kind Kind) error {
	file, err := Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	return kind.check(file)
}

// check reads the first bytes of a file. An empty one is of every kind.
func (k Kind) check(file *os.File) error {
	head, err := io.ReadAll(io.NewSectionReader(file, 0, headSize))
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(head)) > 0 && !k.Known(head) {
		return &OtherKindError{file.Name(), k.Name}
	}
	return nil
}

// Replace makes data the content of the file at the path: a reader sees the old content or the new one. A file of another
// kind stays as it is.
func Replace(path string, data []byte, kind Kind) error {
	if err := Replaceable(path, kind); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-*") // O_EXCL, and a random name
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(FileMode), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}
