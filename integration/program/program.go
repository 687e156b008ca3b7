// Package program compiles the program as the suites run it. It must not know what they do with it.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// built is the program of this test binary.
var built struct {
	sync.Once
	folder, path string
	err          error
}

// Path is where the program is. The first call compiles it: with the race detector if the tests have it, so that both
// share the compiled SDK, and else as it is released.
func Path(tb testing.TB) string {
	tb.Helper()
	built.Do(func() { built.err = buildOnce() })
	if built.err != nil {
		tb.Fatal(built.err)
	}
	return built.path
}

func buildOnce() (err error) {
	if built.folder, err = os.MkdirTemp("", "provision-program-"); err != nil {
		return err
	}
	built.path = filepath.Join(built.folder, "provision")
	if Raced {
		return build(built.path, os.Environ(), "-race")
	}
	return Release(built.path)
}

// Release compiles the program as it is released. Compile tests without the race detector with these flags, too: then
// all of them share the compiled SDK.
func Release(path string) error {
	return build(path, append(os.Environ(), "CGO_ENABLED=0"),
		"-trimpath", "-gcflags=all=-l", "-gcflags=std=", "-ldflags=-s -w -funcalign=4")
}

func build(path string, environment []string, flags ...string) error {
	cmd := exec.Command("go", slices.Concat([]string{"build", "-o", path}, flags, []string{"provision/cmd/provision"})...)
	cmd.Env = environment
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compile the program: %w\n%s", err, out)
	}
	return nil
}

// Run runs a package's tests and removes the program; it is for TestMain.
func Run(m *testing.M) (code int) {
	defer func() {
		if built.folder != "" {
			_ = os.RemoveAll(built.folder)
		}
	}()
	return m.Run()
}
