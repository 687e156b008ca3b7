// Package golden compares what a test got with a file that is kept: it shows the lines that differ, as a unified diff, and
// the command that writes the file again. Each package whose tests use it has their -update flag from here.
//
// It is for tests only, and knows nothing of what the files say.
package golden

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

var update = flag.Bool("update", false, "write the golden files from what the tests got, instead of comparing with them")

// Update reports whether the tests are to write the files.
func Update() bool { return *update }

// File compares a file with what the test got, or writes it with -update.
func File(t testing.TB, path, got string) {
	t.Helper()
	if err := Check(path, got, Command(t)); err != nil {
		t.Error(err)
	}
}

// Check is [File] for what is no test, such as a TestMain. The command is the one that writes the file.
func Check(path, got, command string) error {
	if *update {
		return os.WriteFile(path, []byte(got), 0o644)
	}
	want, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return Compare(path, string(want), got, command)
}

// Compare is an error with the lines that differ, where any do.
func Compare(path, want, got, command string) error {
	if want == got {
		return nil
	}
	name := shown(path)
	lines := diff.Diff(name, []byte(want), "what the test got", []byte(got))
	_, lines, _ = bytes.Cut(lines, []byte("\n")) // "diff a b", of which the next two lines say the same
	return fmt.Errorf("%s differs from what the test got:\n%s\nto write it again: %s", name, lines, command)
}

// Command is the one that writes the golden files of the test.
func Command(t testing.TB) string {
	test, _, _ := strings.Cut(t.Name(), "/")
	return fmt.Sprintf("go test %s -run '^%s$' -update", Package(), test)
}

// Package is the tested package's folder, such as ./pkg/config.
func Package() string { return "./" + filepath.ToSlash(folder) }

// root is the module's, and folder the tested package's below it: where the tests start, whatever they change to later.
var root, folder = whereTestsStart()

func whereTestsStart() (root, folder string) {
	start, err := os.Getwd()
	if err != nil {
		return "", "."
	}
	for root = start; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			return start, "."
		}
	}
	if folder, err = filepath.Rel(root, start); err != nil {
		return root, "."
	}
	return root, folder
}

// shown is a path as seen from the module's root, where the command is run.
func shown(path string) string {
	whole, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	below, err := filepath.Rel(root, whole)
	if err != nil || strings.HasPrefix(below, "..") {
		return path
	}
	return filepath.ToSlash(below)
}
