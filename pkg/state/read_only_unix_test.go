//go:build unix

package state

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const nobody = 65534

func TestReadOnlyDirectoryIsRefused(t *testing.T) {
	dir, err := os.MkdirTemp("", "provision-state") // t.TempDir's parent lets no other user in
	mustDo(t, err, os.Chmod(dir, 0o755), os.Mkdir(filepath.Join(dir, "locked"), 0o555))
	t.Cleanup(func() { _ = os.RemoveAll(dir) })

	cmd := process(t, "probe", filepath.Join(dir, "locked", "web.json"))
	if os.Getuid() == 0 { // whom no mode keeps from writing
		program := filepath.Join(dir, "state.test")
		copyProgram(t, cmd.Path, program)
		cmd.Path = program
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	out, err := cmd.CombinedOutput()
	if _, ok := errors.AsType[*exec.ExitError](err); !ok || !strings.Contains(string(out), "permission denied") {
		t.Errorf("got %v: %s", err, out)
	}
}

// copyProgram copies a program to where every user can run it.
func copyProgram(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	mustDo(t, err)
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	mustDo(t, err)
	_, err = io.Copy(out, in)
	mustDo(t, err, out.Close())
}
