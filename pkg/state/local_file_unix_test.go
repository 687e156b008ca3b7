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
	for name, put := range map[string]func(path string) error{"pipe": pipe, "device": device, "endless": endless} {
		t.Run(name, func(t *testing.T) {
			s := newLocal(t)
			mustDo(t, s.prepare(), put(s.path))
			_, err := s.Load(t.Context())
			mustSay(t, "load", err, "it is not a regular file", "it was left as it is")
			mustSay(t, "check", s.CheckWritable(t.Context()), "it is not a regular file", "can't be kept at")

			s = newLocal(t)
			mustDo(t, s.prepare(), put(s.lockPath()))
			_, err = s.Acquire(t.Context(), Request{Holder: Self("test", someTime)})
			mustSay(t, "lock", err, s.lockPath(), "it is not a regular file")
			_, err = s.Holders(t.Context())
			mustSay(t, "holders", err, s.lockPath(), "it is not a regular file")
			_, err = s.Unlock(t.Context())
			mustSay(t, "unlock", err, s.lockPath(), "it is not a regular file")
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
