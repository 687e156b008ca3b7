package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
	"provision/pkg/session"
	"provision/pkg/terminal"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// A result that could not be written must not end as success, whatever the command is and in whatever form.
func TestLostOutput(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
		place := []string{"--progress", "none", "--file", filepath.Join(w.dir, "provision.yaml"), "--state", filepath.Join(w.dir, "web.json")}
		for _, line := range []string{
			"up --yes", "up --yes -o json", "plan", "plan -o yaml", "plan -o markdown", "plan --detailed-exitcode --destroy", "status",
			"status -o wide", "status -o json", "check", "diagram", "diagram -o mermaid", "sweep", "connect -o json", "state list",
			"state show", "state show -o yaml", "state history", "config show", "config validate", "config schema", "version",
			"iam plan-policy", "iam apply-policy", "help", "help up", "completion bash",
			"down --yes", // the last one
		} {
			var said strings.Builder
			at := terminal.New(strings.NewReader(""), full{}, &said, nil)
			backend := session.InSandbox(w.box, sandbox.DefaultAccount, secretKey)
			code := runOn(backend, append(strings.Fields(line), place...), at)
			if code != ending.Failed {
				t.Errorf("%s: exit code %d:\n%s", line, code, said.String())
			}
			if text := said.String(); strings.Count(text, "no space left on device") != 1 || !strings.Contains(text, "standard output") || !strings.Contains(text, "\nnext: ") {
				t.Errorf("%s: it says\n%s", line, text)
			}
		}
	})
}
