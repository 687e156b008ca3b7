// Package program compiles the program as the suites run it. It must not know what they do with it.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// built is the program of this test binary.
var built struct {
	sync.Once
	folder, path string
	err          error
}

// Path is where the program is. The first call compiles it, with the race detector as the tests are, so that both share
// the compiled SDK.
func Path(tb testing.TB) string {
	tb.Helper()
	built.Do(func() { built.err = build() })
	if built.err != nil {
		tb.Fatal(built.err)
	}
	return built.path
}

func build() (err error) {
	if built.folder, err = os.MkdirTemp("", "provision-program-"); err != nil {
		return err
	}
	built.path = filepath.Join(built.folder, "provision")
	out, err := exec.Command("go", "build", "-race", "-o", built.path, "provision/cmd/provision").CombinedOutput()
	if err != nil {
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
