package stack_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// save plans and takes the plan down, as two runs of a program would.
func (w *world) save(t *testing.T) stack.Saved {
	t.Helper()
	var saved stack.Saved
	err := w.run(t.Context(), func(s *stack.Stack) (err error) {
		plan := s.Plan(t.Context())
		if err := plan.Err(); err != nil {
			return err
		}
		saved, err = s.Save(plan, "v1.0.0")
		return err
	})
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return saved
}

func (w *world) applySaved(ctx context.Context, saved stack.Saved) error {
	return w.run(ctx, func(s *stack.Stack) error {
		plan := s.Plan(ctx)
		now, err := s.Save(plan, "v1.0.0")
		if err != nil {
			return err
		}
		if err := saved.Same(now); err != nil {
			return err
		}
		return s.Apply(ctx, plan).Err()
	})
}

func (w *world) settings(t *testing.T, text string) {
	t.Helper()
	w.file = filepath.Join(t.TempDir(), "provision.yaml")
	if err := os.WriteFile(w.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A saved plan is applied once, by a later run, after a way through a file.
func TestSavedPlanIsAppliedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
		saved := w.save(t)
		path := filepath.Join(t.TempDir(), "plan.json")
		if err := saved.Write(t.Context(), path, nil); err != nil {
			t.Fatal(err)
		}
		read, err := stack.ReadSaved(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(saved, read); diff != "" {
			t.Fatalf("read is not what was written (-written +read):\n%s", diff)
		}
		if err := w.applySaved(t.Context(), read); err != nil {
			t.Fatalf("apply: %v", err)
		}
		plan, err := w.plan(t.Context())
		if err != nil || plan.Changed() {
			t.Fatalf("after the saved plan: changed %v, error %v", plan.Changed(), err)
		}
		w.calls.reset()
		err = w.applySaved(t.Context(), read)
		if _, stale := errors.AsType[*stack.StalePlanError](err); !stale || w.calls.writes > 0 {
			t.Errorf("the second time: %d writes, error %v", w.calls.writes, err)
		}
	})
}

// A change between a plan and its application stops the application before the first write.
func TestSavedPlanIsRefusedWhenSomethingMoved(t *testing.T) {
	const team = "tags: {team: platform}\n"
	for name, c := range map[string]struct {
		move func(*testing.T, *world)
		says string
	}{
		"the settings": {
			func(t *testing.T, w *world) { w.settings(t, "tags: {team: data}\n") },
			"the settings have changed",
		},
		"the settings of one region, without an effect on what is planned": {
			func(t *testing.T, w *world) { w.settings(t, team+"defaults: {verify: {timeout: 4m}}\n") },
			"the settings have changed",
		},
		"the state": {
			func(t *testing.T, w *world) {
				if _, err := w.up(t.Context()); err != nil {
					t.Fatal(err)
				}
			},
			"the state was written since",
		},
		"the world": {
			func(t *testing.T, w *world) { w.drift(t) },
			"eu-west-1: subnet/public-a",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, "eu-west-1")
				if _, err := w.up(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.settings(t, team)
				saved := w.save(t)
				c.move(t, w)
				w.calls.reset()
				err := w.applySaved(t.Context(), saved)
				if _, stale := errors.AsType[*stack.StalePlanError](err); !stale || !strings.Contains(err.Error(), c.says) {
					t.Errorf("got %v, want a stale plan and %q", err, c.says)
				}
				if w.calls.writes > 0 {
					t.Errorf("%d mutating calls were made", w.calls.writes)
				}
			})
		})
	}
}

func TestReadSavedRefusesWhatIsNotOurs(t *testing.T) {
	w := newWorld(t, sandbox.Options{}, "eu-west-1")
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := w.save(t).Write(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	for name, c := range map[string]struct{ text, says string }{
		"another file":    {`{"version": 1}`, "`provision plan --out` did not write it"},
		"no JSON":         {"name: web\n", "no JSON"},
		"cut off":         {string(good[:len(good)/2]), "no JSON"},
		"a later version": {strings.Replace(string(good), `"version": 1`, `"version": 2`, 1), "version 2"},
		"changed by hand": {strings.Replace(string(good), "10.", "11.", 1), "changed or damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := stack.ReadSaved(t.Context(), path, nil)
			if _, ok := errors.AsType[*stack.SavedError](err); !ok || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

func FuzzReadSaved(f *testing.F) {
	f.Add([]byte(`{"format":"provision-plan","version":1,"digest":"","plan":{"stack":"web","regions":["eu-west-1"]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "plan.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		saved, err := stack.ReadSaved(t.Context(), path, nil)
		if err == nil && (saved.Stack == "" || len(saved.Regions) == 0) {
			t.Errorf("a plan of nothing was read: %q", text)
		}
	})
}

// drift sets a tag of a subnet to something else, as a stranger would.
func (w *world) drift(t *testing.T) {
	t.Helper()
	err := w.run(t.Context(), func(s *stack.Stack) error {
		id := s.Record.Document().Regions["eu-west-1"].Resources["subnet/public-a"].ID
		_, err := s.Cloud.Region("eu-west-1").EC2.CreateTags(t.Context(), &ec2.CreateTagsInput{
			Resources: []string{id}, Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("mine")}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
