package realaws

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"

	"provision/integration/program"
	"provision/pkg/graph"
)

// The program's exit codes that the life expects.
const (
	exitDone    = 0
	exitChanges = 2
	exitKilled  = -1 // what os/exec says of a process that a signal ended
)

const runLimit = 45 * time.Minute

// record is a line of `--progress json`, as far as the life reads it.
type record struct {
	Type  string          `json:"type"`
	Event graph.EventType `json:"event"`
	Key   graph.Key       `json:"key"`
	Calls struct {
		Mutating int `json:"mutating"`
	} `json:"calls"`
}

// result is how a run of the program ended.
type result struct {
	*life
	command       string
	code          int
	out, problems string
	mutating      int // calls, by its own account
}

func (l *life) run(arguments ...string) result {
	l.Helper()
	return l.runIn(l.Context(), arguments...)
}

func (l *life) runIn(ctx context.Context, arguments ...string) result {
	l.Helper()
	return l.watch(ctx, func(*exec.Cmd, record) {}, arguments...)
}

// killed runs an up and kills it when it tells of such an event, so that it can put nothing in order.
func (l *life) killed(event graph.EventType, key graph.Key) {
	l.Helper()
	kill := func(cmd *exec.Cmd, r record) {
		if r.Event == event && r.Key == key {
			_ = cmd.Process.Kill() // it may have ended, which the exit code tells
		}
	}
	l.watch(l.Context(), kill, "up", "--yes").ends(exitKilled)
}

// watch runs the program and passes each line of its progress to look.
func (l *life) watch(ctx context.Context, look func(*exec.Cmd, record), arguments ...string) result {
	l.Helper()
	ctx, stop := context.WithTimeout(ctx, runLimit)
	defer stop()
	arguments = append(arguments, "--regions", strings.Join(l.regions, ","), "--progress", "json")
	cmd := exec.CommandContext(ctx, program.Path(l), arguments...)
	r, out := result{life: l, command: strings.Join(arguments, " ")}, &bytes.Buffer{}
	cmd.Dir, cmd.Env, cmd.Stdout = l.folder, l.environment, out
	progress, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		l.Fatal(err)
	}
	r.follow(progress, func(told record) { look(cmd, told) })
	err = cmd.Wait()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		l.Errorf("provision %s: %v", r.command, err)
	}
	r.code, r.out = cmd.ProcessState.ExitCode(), out.String()
	l.Logf("provision %s ends with %d\n%s%s", r.command, r.code, r.out, r.problems)
	return r
}

// follow reads progress to its end. Lines that are not records are meant for people.
func (r *result) follow(progress io.Reader, look func(record)) {
	for lines := bufio.NewScanner(progress); lines.Scan(); {
		var told record
		if json.Unmarshal(lines.Bytes(), &told) != nil {
			r.problems += lines.Text() + "\n"
			continue
		}
		if told.Type == "end" {
			r.mutating = told.Calls.Mutating
		}
		look(told)
	}
}

// ends requires an exit code.
func (r result) ends(code int) result {
	r.Helper()
	if r.code != code {
		r.Fatalf("provision %s: exit code %d, want %d", r.command, r.code, code)
	}
	return r
}

// shows requires a text on stdout.
func (r result) shows(text string) {
	r.Helper()
	if !strings.Contains(r.out, text) {
		r.Errorf("provision %s does not show %q", r.command, text)
	}
}
