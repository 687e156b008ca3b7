//go:build unix

package safefile_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"provision/pkg/safefile"
)

var plan = safefile.Kind{Name: "a plan", Known: func(head []byte) bool { return bytes.HasPrefix(head, []byte("plan")) }}

// each is every way to open or write a file here.
var each = map[string]func(string) error{
	"Open":   func(path string) error { return closed(safefile.Open(path)) },
	"Update": func(path string) error { return closed(safefile.Update(path)) },
	"Create": func(path string) error { return closed(safefile.Create(path)) },
	"Append": func(path string) error { return closed(safefile.Append(path, plan)) },
	"Read":   func(path string) error { _, err := safefile.Read(path, 10); return err },
	"Check":  safefile.Check,
	"Replace": func(path string) error {
		return safefile.Replace(path, []byte("plan 2"), plan)
	},
	"Replaceable": func(path string) error { return safefile.Replaceable(path, plan) },
}

func closed(file *os.File, err error) error {
	if err != nil {
		return err
	}
	return file.Close()
}

// Every function refuses what an attacker can put in a file's place, at once, and nothing is written through it.
func TestUnsafeFilesAreRefused(t *testing.T) {
	for what, put := range map[string]func(path, victim string) error{
		"a link":              func(path, victim string) error { return os.Symlink(victim, path) },
		"a link to nothing":   func(path, victim string) error { return os.Symlink(victim+".none", path) },
		"a second name":       func(path, victim string) error { return os.Link(victim, path) },
		"a pipe":              func(path, _ string) error { return syscall.Mkfifo(path, 0o600) },
		"a directory":         func(path, _ string) error { return os.Mkdir(path, 0o700) },
		"a link to a device":  func(path, _ string) error { return os.Symlink("/dev/null", path) },
		"a link to itself":    func(path, _ string) error { return os.Symlink(path, path) },
		"a link to a process": func(path, _ string) error { return os.Symlink("/proc/self/environ", path) },
	} {
		for name, open := range each {
			t.Run(name+" "+what, func(t *testing.T) {
				dir := t.TempDir()
				path, victim := filepath.Join(dir, "web.plan"), filepath.Join(dir, "victim")
				if err := errors.Join(os.WriteFile(victim, []byte("plan 1"), 0o600), put(path, victim)); err != nil {
					t.Fatal(err)
				}
				err := open(path)
				if _, unsafe := errors.AsType[*safefile.UnsafeError](err); !unsafe {
					t.Errorf("got %v", err)
				}
				if text, err := os.ReadFile(victim); err != nil || string(text) != "plan 1" {
					t.Errorf("the victim holds %q, error %v", text, err)
				}
				if _, err := os.Stat(victim + ".none"); err == nil {
					t.Error("a file was made through a link")
				}
			})
		}
	}
	if err := safefile.Check("/dev/null"); err == nil {
		t.Error("a device passes")
	}
}

// Neither a wide umask nor a narrow one shows in what is created.
func TestModesWhateverTheUmask(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o277} {
		dir := t.TempDir()
		before := syscall.Umask(umask)
		err := errors.Join(
			safefile.MkdirAll(filepath.Join(dir, "f", "g")),
			closed(safefile.Create(filepath.Join(dir, "f", "created"))),
			closed(safefile.Append(filepath.Join(dir, "f", "appended"), plan)),
			safefile.Replace(filepath.Join(dir, "f", "replaced"), []byte("plan"), plan),
		)
		syscall.Umask(before)
		if err != nil {
			t.Fatalf("umask %o: %v", umask, err)
		}
		for name, want := range map[string]fs.FileMode{
			"f": safefile.FolderMode, "f/g": safefile.FolderMode, "f/created": 0o600, "f/appended": 0o600, "f/replaced": 0o600,
		} {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != want {
				t.Errorf("umask %o: %s: %v, error %v", umask, name, info.Mode(), err)
			}
		}
	}
}

// A file is only written over by one of its kind, and is complete whenever it is read.
func TestReplaceKeepsWhatIsOfAnotherKind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "web.plan")
	for _, c := range []struct {
		there, want string
		kept        bool
	}{
		{"", "plan 2", false},
		{"plan 1", "plan 2", false},
		{"version: 1\n", "version: 1\n", true},
		{`{"schema": 3}`, `{"schema": 3}`, true},
	} {
		if err := os.WriteFile(path, []byte(c.there), 0o600); err != nil {
			t.Fatal(err)
		}
		err := safefile.Replace(path, []byte("plan 2"), plan)
		if _, kept := errors.AsType[*safefile.OtherKindError](err); kept != c.kept {
			t.Errorf("over %q: %v", c.there, err)
		}
		if got, _ := os.ReadFile(path); string(got) != c.want {
			t.Errorf("over %q: %q", c.there, got)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestReadHasALimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("12345678901"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := safefile.Read(path, 10); !errors.Is(err, safefile.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if data, err := safefile.Read(path, 11); err != nil || len(data) != 11 {
		t.Errorf("got %d bytes, error %v", len(data), err)
	}
}

func TestAppendAddsToTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	for range 2 {
		file, err := safefile.Append(path, plan)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString("plan"); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	if text, _ := os.ReadFile(path); string(text) != "planplan" {
		t.Errorf("got %q", text)
	}
}

func TestAppendKeepsWhatIsOfAnotherKind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "web.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := safefile.Append(path, plan)
	if _, kept := errors.AsType[*safefile.OtherKindError](err); !kept {
		t.Errorf("got %v", err)
	}
}
