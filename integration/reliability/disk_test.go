package reliability

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"provision/pkg/sandbox"
	"provision/pkg/state"
)

// mount gives a folder that is a file system of 64 KB, or skips the test.
func mount(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k"+options, "tmpfs", dir).CombinedOutput()
	if err != nil {
		t.Skipf("needs the right to mount a file system that can be filled: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}

// The disk of the state fills up in the middle of a run. From then on the run creates nothing new, and every created
// resource is in the state or in the list that the run ends with. When there is room again, the next run resumes.
func TestDiskFillsUpAtEveryCall(t *testing.T) {
	c := undisturbed(t)
	for _, n := range some(24, upTo(c.calls)) {
		runCase(t, fmt.Sprintf("at call %d", n), func(t *testing.T) {
			dir := mount(t, "")
			ballast := filepath.Join(dir, "ballast")
			synctest.Test(t, func(t *testing.T) {
				var once sync.Once
				w := newWorld(t, sandbox.Options{Intercept: func(call sandbox.Call, at sandbox.Moment) error {
					if at == sandbox.Before && call.Seq >= int64(n) {
						once.Do(func() { fill(t, ballast) })
					}
					return nil
				}})
				w.path = filepath.Join(dir, "web.json")
				unsaved, err := w.upAndList(t.Context())
				if _, refused := errors.AsType[*state.UnwritableError](err); err != nil && !refused {
					mustFail[*state.WriteError](t, err)
				}
				owner, known := w.known(t)
				if owner == "" && len(w.account(t)) > 0 {
					t.Errorf("there is no state, and in the account there is %v", w.account(t).count())
				}
				for _, owned := range w.account(t).owned(owner) {
					if !slices.Contains(known, owned) && !slices.Contains(unsaved, owned) {
						t.Errorf("%s was made, and is neither in the state nor listed", owned)
					}
				}
				once.Do(func() {}) // the run may have had fewer calls
				must(t, os.RemoveAll(ballast))
				must(t, w.up(t.Context()))
				w.mustBeUp(t, account{}, c.count)
			})
		})
	}
}

// upAndList is up, and region and ID of what it lists as not in the state.
func (w *world) upAndList(ctx context.Context) (unsaved []string, err error) {
	err = w.run(ctx, func(ctx context.Context, s *session) error {
		err := s.Apply(ctx, s.Plan(ctx)).Err()
		for _, missing := range s.writer.Unsaved() {
			unsaved = append(unsaved, missing.Region+" "+missing.ID)
		}
		return err
	})
	return unsaved, err
}

// fill writes to a file until there is no room.
func fill(t *testing.T, path string) {
	file, err := os.Create(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 512))
	}
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i + 1
	}
	return all
}

// Where the state can't be written at all, nothing is asked of AWS.
func TestReadOnlyFolderIsRefusedBeforeTheFirstCall(t *testing.T) {
	dir := mount(t, ",ro")
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		w.path = filepath.Join(dir, "web.json")
		mustFail[*state.UnwritableError](t, w.up(t.Context()))
		if calls := w.box.Calls(); len(calls) > 0 {
			t.Errorf("%d calls were made, the first is %s", len(calls), calls[0].Name())
		}
	})
}
