package realaws

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"provision/integration/localstack"
	"provision/integration/program"
)

func TestLifeOnAWS(t *testing.T) {
	cfg, account, regions := realAccount(t)
	newLife(t, cfg, os.Environ(), account, regions).live()
}

// The life itself is tried on the sandbox: it costs nothing there.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	const account = "123456789012"
	endpoint, regions := serveSandbox(t), []string{"eu-west-1"}
	cfg := localstack.Config(endpoint, account, regions[0])
	newLife(t, cfg, localstack.Environment(endpoint, account), account, regions).live()
}

// A life that ends in the middle leaves nothing either.
func TestRehearsalOfAnUntimelyEnd(t *testing.T) {
	t.Parallel()
	const account = "123456789012"
	endpoint, regions := serveSandbox(t), []string{"eu-west-1"}
	cfg := localstack.Config(endpoint, account, regions[0])
	var l *life
	t.Run("life", func(t *testing.T) {
		l = newLife(t, cfg, localstack.Environment(endpoint, account), account, regions)
		l.killed("created", "nat-gateway/a")
		if err := os.RemoveAll(filepath.Join(l.folder, ".provision")); err != nil { // the state is lost, too
			t.Fatal(err)
		}
	})
	left, err := l.mine(t.Context())
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v\n%s", err, left)
	}
}

// serveSandbox starts a sandbox in a process of its own, and returns its URL.
func serveSandbox(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(program.Path(t), "sandbox", "serve", "--port", "0", "--sandbox-speed", "600",
		"--sandbox-file", filepath.Join(t.TempDir(), "sandbox.json"))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the sandbox ended with %v", err)
		}
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(url)
}
