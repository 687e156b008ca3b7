package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"provision/integration/golden"
	"provision/integration/program"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"provision": main})
}

// released is where the released program is, or empty if the scripts run this very binary. They start it hundreds of times,
// which takes four times as long with the race detector; that watches the tests in this process.
func released(t *testing.T) string {
	t.Helper()
	if !program.Raced || testing.CoverMode() != "" {
		return ""
	}
	folder := t.TempDir()
	if err := program.Release(filepath.Join(folder, "provision")); err != nil {
		t.Fatal(err)
	}
	return folder + string(filepath.ListSeparator)
}

// The scripts run the program as people do, each in a folder of its own. `exits CODE COMMAND...` runs a command that
// must end with this code, and `await URL` waits until something listens there.
func TestScripts(t *testing.T) {
	folder := released(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to write what the commands print into the files that the scripts compare with: %s", golden.Command(t))
		}
	})
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: golden.Update(),
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "await": await, "webpage": webpage},
		Setup: func(env *testscript.Env) error {
			port, err := freePort()
			for name, value := range map[string]string{
				"HOME":                      env.WorkDir,
				"AWS_EC2_METADATA_DISABLED": "true",
				"PROVISION_SANDBOX_SPEED":   "1000",
				"PORT":                      port,
				"PATH":                      folder + env.Getenv("PATH"),
			} {
				env.Setenv(name, value)
			}
			return err
		},
	})
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	const limit, wait = 10 * time.Minute, 50 * time.Millisecond // for a program that hangs, and never for one that is slow
	address := strings.TrimPrefix(args[0], "http://")
	for began := time.Now(); time.Since(began) < limit; time.Sleep(wait) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			ts.Check(conn.Close())
			return
		}
	}
	ts.Fatalf("nothing listens on %s", address)
}

// webpage sends a request as a web page whose name was pointed at this machine can, and wants it refused.
func webpage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: webpage URL")
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, args[0], http.NoBody)
	ts.Check(err)
	req.Host = "page.example"
	answer, err := http.DefaultClient.Do(req)
	ts.Check(err)
	ts.Check(answer.Body.Close())
	if answer.StatusCode != http.StatusMisdirectedRequest {
		ts.Fatalf("a web page got %s from %s", answer.Status, args[0])
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, wanted %d", got, want)
	}
}
