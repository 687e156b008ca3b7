package docs

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"provision/integration/program"
)

// The pages whose commands are run. Each has at least one.
var followed = []string{"README.md", "docs/tutorial.md", "docs/migration.md", "docs/fleets.md", "docs/how-to/*.md"}

func TestCommands(t *testing.T) {
	folder := build(t)
	for _, pattern := range followed {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no page %s: %v", pattern, err)
		}
		for _, path := range found {
			t.Run(filepath.Base(path), func(t *testing.T) {
				t.Parallel()
				follow(t, read(t, path), folder)
			})
		}
	}
}

// follow runs a page's commands, from its top to its end, as a reader who has nothing but the program.
func follow(t *testing.T, page, folder string) {
	home := t.TempDir()
	environment := append(strangers(os.Environ()),
		"HOME="+home, "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"), "AWS_EC2_METADATA_DISABLED=true",
		"PROVISION_SANDBOX=true", "PROVISION_SANDBOX_SPEED=1000", "PROVISION_YES=true",
	)
	all, _ := blocks(page)
	ran := 0
	for _, b := range all {
		if name, ok := b.option("file"); ok {
			if err := os.WriteFile(filepath.Join(home, name), []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if !b.runs() {
			continue
		}
		ran++
		script := strings.ReplaceAll(b.text, "go run ./cmd/provision", "provision")
		shell := exec.CommandContext(t.Context(), "sh", "-ec", script)
		var said bytes.Buffer
		shell.Dir, shell.Env, shell.Stdout, shell.Stderr = home, environment, &said, &said
		err := shell.Run()
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if got, want := shell.ProcessState.ExitCode(), b.exit(t); got != want {
			t.Fatalf("line %d: exit code %d, want %d\n%s\n%s", b.line, got, want, b.text, said.String())
		}
	}
	if ran == 0 {
		t.Error("no block of this page is run")
	}
}

// strangers is an environment without what the machine's owner set for the program or AWS.
func strangers(environment []string) []string {
	var kept []string
	for _, variable := range environment {
		if !strings.HasPrefix(variable, "AWS_") && !strings.HasPrefix(variable, "PROVISION_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// build compiles the program as it is released: the pages start it often, and with the race detector each start costs four
// times as much.
func build(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := program.Release(filepath.Join(folder, "provision")); err != nil {
		t.Fatal(err)
	}
	return folder
}
