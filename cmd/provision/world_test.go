package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/sandbox"
	"provision/pkg/session"
	"provision/pkg/terminal"
)

// The runtime starts its own goroutine for signals at the first use, which must not happen in a bubble of synctest.
func init() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	signal.Stop(signals)
}

// smallStack is what a stack can be at least, so that tests of everything around it are quick.
const smallStack = `
name: web
defaults:
  network: {azs: 2, nat: single}
  endpoints: {s3: none, ssm: none}
`

// secretKey signs the calls of every process.
const secretKey = "wJalrXUtnFEMI-of-the-tests"

// world is an AWS in which the program is run, in virtual time, with whatever credentials.
type world struct {
	*testing.T
	box *sandbox.Sandbox
	dir string // of the settings, and of the state where it is a file
}

// newWorld must be called in a bubble of testing/synctest. The settings are a file.
func newWorld(t *testing.T, o sandbox.Options, settings string) *world {
	t.Helper()
	w := &world{t, sandbox.New(o), t.TempDir()}
	w.settings(settings)
	return w
}

func (w *world) settings(text string) {
	w.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "provision.yaml"), []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

// result is how a run of the program ended.
type result struct {
	code     int
	out, err string
}

// runner is a process of the program.
type runner struct {
	client aws.HTTPClient
	key    string // of access; 12 digits are an account
	answer string // to every question
	bare   bool   // its settings are found in the working directory, and say where the state is
}

func (w *world) runner() runner { return runner{client: w.box, key: sandbox.DefaultAccount} }

func (w *world) run(args ...string) result { return w.runner().run(w, args...) }

func (r runner) run(w *world, args ...string) result {
	var out, problems bytes.Buffer
	backend := &session.Backend{
		Sandbox: w.box, Web: w.box, Clock: clock.Real{},
		Stand: &cloud.Stand{
			Client: r.client, Credentials: credentials.NewStaticCredentialsProvider(r.key, secretKey, ""),
		},
	}
	if !slices.Contains(args, "--progress") {
		args = append(args, "--progress", "none")
	}
	if !r.bare {
		args = append(args, "--file", filepath.Join(w.dir, "provision.yaml"))
	}
	if !r.bare && !slices.Contains(args, "--state") {
		args = append(args, "--state", filepath.Join(w.dir, "web.json"))
	}
	code := runOn(backend, args, terminal.New(strings.NewReader(r.answer), &out, &problems, nil))
	return result{code, out.String(), problems.String()}
}

// must ends the test unless the run ended with the code.
func (w *world) must(code int, r result) result {
	w.Helper()
	if r.code != code {
		w.Fatalf("exit code %d, want %d\n%s%s", r.code, code, r.out, r.err)
	}
	return r
}

// says checks that a run told all of this on stderr.
func (w *world) says(r result, parts ...string) {
	w.Helper()
	for _, part := range parts {
		if !strings.Contains(r.err, part) {
			w.Errorf("%q is not said:\n%s", part, r.err)
		}
	}
}

// mutations are the calls that changed something since the last look.
func (w *world) mutations() []string {
	var names []string
	for _, c := range w.box.Calls() {
		if c.Mutating {
			names = append(names, c.Name())
		}
	}
	w.box.ForgetCalls()
	return names
}

// line is a connection that breaks at a call: no later answer arrives.
type line struct {
	to    aws.HTTPClient
	left  atomic.Int64 // calls until the end
	ended chan struct{}
}

var errDead = errors.New("the process is gone")

func newLine(to aws.HTTPClient, calls int) *line {
	l := &line{to: to, ended: make(chan struct{})}
	l.left.Store(int64(calls))
	return l
}

// Do lets the last call have its effect, and loses its answer.
func (l *line) Do(req *http.Request) (*http.Response, error) {
	left := l.left.Add(-1)
	if left < 0 {
		return nil, errDead
	}
	out, err := l.to.Do(req)
	if left > 0 {
		return out, err
	}
	close(l.ended)
	if err == nil {
		_, _ = io.Copy(io.Discard, out.Body) // no one receives it
		_ = out.Body.Close()
	}
	return nil, errDead
}

// things counts the resources of each kind in each region, without the state's bucket.
func (w *world) things() map[string]int {
	w.Helper()
	dump, err := w.box.Dump(sandbox.DefaultAccount, false)
	if err != nil {
		w.Fatal(err)
	}
	var all map[string]map[string]map[string]any
	if err := json.Unmarshal(dump, &all); err != nil {
		w.Fatal(err)
	}
	counts := map[string]int{}
	for region, kinds := range all {
		for kind, things := range kinds {
			if kind != "s3-bucket" {
				counts[region+" "+kind] = len(things)
			}
		}
	}
	return counts
}
