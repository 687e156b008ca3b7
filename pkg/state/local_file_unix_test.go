//go:build unix

package state

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// A path that may block forever, or never ends, is refused at once: the program never reads it.
func TestWhatIsNoRegularFileIsRefused(t *testing.T) {
	pipe := func(path string) error { return syscall.Mkfifo(path, 0o600) }
	device := func(path string) error { return os.Symlink(os.DevNull, path) }
	endless := func(path string) error { return os.Symlink("/dev/zero", path) }
	for name, c := range map[string]struct {
		put func(path string) error
		is  string
	}{
		"pipe": {pipe, "it is a pipe"}, "device": {device, "it is a symbolic link"}, "endless": {endless, "it is a symbolic link"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newLocal(t)
			mustDo(t, s.prepare(), c.put(s.path))
			_, err := s.Load(t.Context())
			mustSay(t, "load", err, c.is, "it was left as it is")
			mustSay(t, "check", s.CheckWritable(t.Context()), c.is, "can't be kept at")

			s = newLocal(t)
			mustDo(t, s.prepare(), c.put(s.lockPath()))
			_, err = s.Acquire(t.Context(), Request{Holder: Self("test", someTime)})
			mustSay(t, "lock", err, s.lockPath(), c.is)
			_, err = s.Holders(t.Context())
			mustSay(t, "holders", err, s.lockPath(), c.is)
			_, err = s.Unlock(t.Context())
			mustSay(t, "unlock", err, s.lockPath(), c.is)
		})
	}
}

func mustSay(t *testing.T, what string, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: got %v, want it to say %q", what, err, word)
		}
	}
}
