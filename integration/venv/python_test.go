//go:build unix

package venv

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakes is a PATH of shell scripts.
func fakes(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestFindPython(t *testing.T) {
	const works = "exit 0"
	const shim = "echo 'pyenv: python3.13: command not found' >&2; exit 127"
	const old = "echo 'it is Python 3.11' >&2; exit 1"
	tests := map[string]struct {
		scripts map[string]string
		want    string
	}{
		"by its name": {
			scripts: map[string]string{"python3.13": works, "python3": works},
			want:    "python3.13",
		},
		"python3 is one": {
			scripts: map[string]string{"python3": works},
			want:    "python3",
		},
		"a shim without a version behind it": {
			scripts: map[string]string{
				"python3.13": shim, "python3": old,
				"pyenv":                               `echo "${0%/*}"`,
				"versions/3.12.1/bin/python3.13":      works,
				"versions/3.13.0/bin/python3.13":      works,
				"versions/3.13.0-debug/bin/python3.1": works,
			},
			want: "versions/3.13.0/bin/python3.13",
		},
		"a broken version of pyenv": {
			scripts: map[string]string{
				"pyenv":                          `echo "${0%/*}"`,
				"versions/3.13.0/bin/python3.13": works,
				"versions/3.13.1/bin/python3.13": shim,
			},
			want: "versions/3.13.0/bin/python3.13",
		},
		"uv gets one": {
			scripts: map[string]string{
				"python3": old,
				"uv":      `[ "$2" = install ] || echo "${0%/*}/uv-python"`, "uv-python": works,
			},
			want: "uv-python",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := fakes(t, test.scripts)
			got, err := findPython(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.Join(dir, test.want); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestWithoutPythonTheErrorSaysWhatToDo(t *testing.T) {
	fakes(t, map[string]string{"python3.13": "echo broken >&2; exit 127", "python3": "echo 'it is Python 3.11' >&2; exit 1"})
	_, err := findPython(t.Context())
	if err == nil {
		t.Fatal("a Python was found where none works")
	}
	for _, want := range []string{"install", "-short", "broken", "it is Python 3.11", "pyenv", "uv"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not mention %q:\n%v", want, err)
		}
	}
}
