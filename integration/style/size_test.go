package style

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The folder of the commands stays small: a command is its options, one call and its output, and the rest is a package's.
func TestCommandsStaySmall(t *testing.T) {
	const limit = 3500 // lines, tests aside
	paths, err := filepath.Glob(filepath.Join(root, "cmd/provision/*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no commands: %v", err)
	}
	lines := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte("\n"))
	}
	if lines >= limit {
		t.Errorf("cmd/provision has %d lines, and should have fewer than %d: move what is not a command into a package", lines, limit)
	}
}
