package reliability

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"provision/integration/program"
)

// The program's exit codes that the tests expect.
const (
	exitDone       = 0
	exitInterrupt  = 130
	exitTerminated = 143
	exitKilled     = -1 // what os/exec says of a process that a signal ended
)

// runLimit is for a run of the program that hangs, and never for one that is slow on a busy machine.
const runLimit = 20 * time.Minute

// process is a run of the program.
type process struct {
	*exec.Cmd
	ended chan struct{}

	mu       sync.Mutex
	problems bytes.Buffer
	told     chan string // lines that start with "stopping"
}

func start(t *testing.T, folder string, environment []string, arguments ...string) *process {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), runLimit)
	t.Cleanup(stop)
	p := &process{
		Cmd: exec.CommandContext(ctx, program.Path(t), arguments...), ended: make(chan struct{}), told: make(chan string, 10),
	}
	p.Dir, p.Env, p.Stderr = folder, environment, p
	must(t, p.Start())
	return p
}

// Write takes what the program says on stderr.
func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if bytes.Contains(text, []byte("stopping:")) {
		p.told <- string(text)
	}
	return p.problems.Write(text)
}

// said is what the program has said on stderr.
func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.problems.String()
}

// causeAndNext are the lines that a run in trouble ends with.
var causeAndNext = regexp.MustCompile(`(?m)(^provision: .+\n)+next: .+\n\z`)

// end waits for the process and returns its exit code.
func (p *process) end(t *testing.T) int {
	t.Helper()
	err := p.Wait()
	close(p.ended)
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	for _, trace := range []string{"DATA RACE", "goroutine ", "panic"} {
		if strings.Contains(p.said(), trace) {
			t.Errorf("provision %v says:\n%s", p.Args[1:], p.said())
		}
	}
	code := p.ProcessState.ExitCode()
	if slices.Contains(codesOfTrouble, code) && !causeAndNext.MatchString(p.said()) {
		t.Errorf("provision %v ends with %d, and names no cause or no next step:\n%s", p.Args[1:], code, p.said())
	}
	return code
}
