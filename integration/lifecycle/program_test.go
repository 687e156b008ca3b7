package lifecycle

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"provision/integration/program"
)

// The program's exit codes that the tests expect; docs/operations.md has them all.
const (
	done     = 0
	failed   = 1
	changes  = 2
	partial  = 3
	refused  = 4
	declined = 8
	usage    = 64
	killed   = -1 // what os/exec says of a process that a signal ended
)

// runLimit is for a run of the program that hangs, and never for one that is slow on a busy machine.
const runLimit = 20 * time.Minute

// side is how many tests run side by side: the program waits more than it computes, since it looks for what it misses
// as long as AWS's reads may lag behind.
const side = "6"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", side); err != nil {
		panic(err)
	}
	os.Exit(program.Run(m))
}

// process is a run of the program that may still be running.
type process struct {
	*exec.Cmd
	out, problems bytes.Buffer
	stop          context.CancelFunc
}

// start runs the program in a folder with an environment, and answers its questions with the input.
func start(t *testing.T, folder string, environment []string, input string, arguments ...string) *process {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), runLimit)
	p := &process{Cmd: exec.CommandContext(ctx, program.Path(t), arguments...), stop: stop}
	p.Dir, p.Env, p.Stdin = folder, environment, strings.NewReader(input)
	p.Stdout, p.Stderr = &p.out, &p.problems
	if err := p.Start(); err != nil {
		stop()
		t.Fatal(err)
	}
	return p
}

// result waits for the end. A data race fails the test, whatever else it expects.
func (p *process) result(t *testing.T) result {
	t.Helper()
	defer p.stop()
	err := p.Wait()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	r := result{t: t, command: strings.Join(p.Args[1:], " "), code: p.ProcessState.ExitCode()}
	r.out, r.problems = p.out.String(), p.problems.String()
	if strings.Contains(r.problems, "WARNING: DATA RACE") {
		t.Fatalf("provision %s: %s", r.command, r.problems)
	}
	return r
}
