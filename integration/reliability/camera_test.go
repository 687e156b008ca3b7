package reliability

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"provision/pkg/sandbox"
)

// shot is the world in one instant: what a process that is killed in that instant leaves behind. The account is as the
// calls that had their effect made it, those under way are lost, and the state is as it was on disk.
type shot struct {
	call    sandbox.Call
	moment  sandbox.Moment
	at      time.Time
	account []byte
	files   map[string][]byte // the folder of the state: lock, backup and half-written files are there too

	inBucket bool // the state is in the account
}

// name says where in the run the shot was taken.
func (s shot) name() string {
	return fmt.Sprintf("%s call %03d %s", when(s.moment), s.call.Seq, s.call.Name())
}

func when(at sandbox.Moment) string {
	if at == sandbox.After {
		return "after"
	}
	return "before"
}

// camera takes shots of a world before and after each of its calls. One run of a command is so the source of every
// crash that it can meet: what comes after the instant is of no influence on it.
type camera struct {
	mu    sync.Mutex
	world *world // nil: it is off
	shots []shot
	err   error
}

// intercept is for [sandbox.Options].
func (c *camera) intercept(call sandbox.Call, moment sandbox.Moment) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.world == nil {
		return nil
	}
	account, files, err := c.world.instant()
	if err != nil {
		c.err = err
		return nil
	}
	c.shots = append(c.shots, shot{call, moment, time.Now(), account, files, c.world.inBucket})
	return nil
}

// film takes shots while do runs.
func (c *camera) film(t testing.TB, w *world, do func() error) []shot {
	t.Helper()
	w.box.ForgetCalls()
	c.point(w)
	err := do()
	c.point(nil)
	if err != nil || c.err != nil {
		t.Fatal(err, c.err)
	}
	return c.shots
}

func (c *camera) point(at *world) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.world = at
}

// instant is account and files at one time: the files did not change while the account was read.
func (w *world) instant() (account []byte, files map[string][]byte, err error) {
	for {
		before, err := readFolder(filepath.Dir(w.path))
		if err != nil {
			return nil, nil, err
		}
		if account, err = w.box.Snapshot(); err != nil {
			return nil, nil, err
		}
		after, err := readFolder(filepath.Dir(w.path))
		if err != nil {
			return nil, nil, err
		}
		if maps.EqualFunc(before, after, bytes.Equal) {
			return account, after, nil
		}
	}
}

func readFolder(path string) (map[string][]byte, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(path, entry.Name()))
		if os.IsNotExist(err) { // it was renamed meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		files[entry.Name()] = data
	}
	return files, nil
}

// after is the world as the shot shows it, so much later. It must be called in a bubble of its own, whose time starts
// when that of the shot's did.
func (s shot) after(t testing.TB, o sandbox.Options, pause time.Duration) *world {
	t.Helper()
	w := newWorld(t, o)
	if s.inBucket {
		w.inBucket, w.patience = true, leasePatience
	}
	if err := w.box.Clock().Sleep(t.Context(), time.Until(s.at)+pause); err != nil {
		t.Fatal(err)
	}
	if err := w.box.Restore(s.account); err != nil {
		t.Fatal(err)
	}
	must(t, writeFolder(filepath.Dir(w.path), s.files))
	return w
}

// writeFolder makes a folder hold the files and no others.
func writeFolder(path string, files map[string][]byte) error {
	there, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, entry := range there {
		if _, wanted := files[entry.Name()]; !wanted {
			if err := os.Remove(filepath.Join(path, entry.Name())); err != nil {
				return err
			}
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(path, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
