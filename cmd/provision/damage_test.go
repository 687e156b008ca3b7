package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// explains checks how a run that failed ends: with causes, each on a line, and a way out, in a line of its own or as a
// command in the cause's, and no trace of Go.
func (w *world) explains(r result) {
	w.Helper()
	cause := strings.Contains(r.err, "provision: ")
	wayOut := strings.Contains(r.err, "\nnext: ") || strings.Contains(r.err, "`provision ") || strings.Contains(r.err, "--state")
	if !cause || !wayOut {
		w.Errorf("told the cause: %t, and a way out: %t:\n%s", cause, wayOut, r.err)
	}
	for _, trace := range []string{"goroutine ", "runtime error", "panic", ".go:", "%!"} {
		if strings.Contains(r.err, trace) {
			w.Errorf("%q is nothing for people:\n%s", trace, r.err)
		}
	}
}

// A state that can't be used is never taken for an empty one: nothing is made, the file stays as it is, and the message
// names the way out, which works.
func TestDamagedState(t *testing.T) {
	for name, damage := range map[string]func(text []byte) []byte{
		"empty":            func([]byte) []byte { return nil },
		"first half":       func(text []byte) []byte { return text[:len(text)/2] },
		"without its end":  func(text []byte) []byte { return text[:len(text)-3] },
		"one bit flipped":  func(text []byte) []byte { text[len(text)/3] ^= 4; return text },
		"zeros":            func(text []byte) []byte { return make([]byte, len(text)) },
		"an ID edited":     func(text []byte) []byte { return bytes.Replace(text, []byte("vpc-0"), []byte("vpc-1"), 1) },
		"of a newer time":  func(text []byte) []byte { return bytes.Replace(text, []byte(`"schema": 1`), []byte(`"schema": 9`), 1) },
		"somebody's notes": func([]byte) []byte { return []byte("remember the milk\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, smallStack)
				path := filepath.Join(w.dir, "web.json")
				w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
				things, text := w.things(), w.read(path)
				damaged := damage(bytes.Clone(text))
				w.write(path, damaged)
				w.mutations()
				for _, command := range []string{"up", "down", "plan", "status"} {
					got := w.must(ending.Refused, w.run(command, "--regions", "eu-west-1"))
					w.says(got, path, "`provision recover`")
					w.explains(got)
				}
				if wrote := w.mutations(); len(wrote) > 0 || !bytes.Equal(w.read(path), damaged) {
					t.Errorf("the refusals wrote: %v, and the state is now\n%s", wrote, w.read(path))
				}

				w.must(ending.Done, w.run("recover", "--regions", "eu-west-1", "--yes"))
				w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
				if diff := cmp.Diff(things, w.things()); diff != "" {
					t.Errorf("things, before and after (-before +after):\n%s", diff)
				}
				w.must(ending.Done, w.run("down", "--yes"))
				if diff := cmp.Diff(map[string]int{}, w.things()); diff != "" {
					t.Errorf("left after down:\n%s", diff)
				}
			})
		})
	}
}

// Where no state can be kept, nothing is made: that is found out before the first call.
func TestUnwritableState(t *testing.T) {
	for name, path := range map[string]func(*world) string{
		"under a file": func(w *world) string {
			w.write(filepath.Join(w.dir, "file"), nil)
			return filepath.Join(w.dir, "file", "web.json")
		},
		"a folder": func(w *world) string {
			path := filepath.Join(w.dir, "folder")
			if err := os.MkdirAll(path, 0o700); err != nil {
				w.Fatal(err)
			}
			return path
		},
		"a device that is full": func(*world) string { return "/dev/full" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, smallStack)
				for _, command := range []string{"up", "down"} {
					got := w.must(ending.Refused, w.run(command, "--regions", "eu-west-1", "--yes", "--state", path(w)))
					w.explains(got)
					if calls := w.box.Calls(); len(calls) > 0 {
						t.Errorf("%d calls before the refusal, the first is %s", len(calls), calls[0].Name())
					}
				}
			})
		})
	}
}

func (w *world) read(path string) []byte {
	w.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.Fatal(err)
	}
	return text
}

func (w *world) write(path string, text []byte) {
	w.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		w.Fatal(err)
	}
}
