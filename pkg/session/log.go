package session

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"provision/pkg/cloud"
	"provision/pkg/ending"
	"provision/pkg/safefile"
)

// Log says what is logged of the API calls, and where.
type Log struct {
	Level  string // of [LogLevels]; empty: off, but info where there is a file
	File   string // to append to; empty: Out
	Out    io.Writer
	Target string // of a fleet, in each line; empty: none

	open func(path string) (logFile, error) // nil: of the system
}

type logFile = io.WriteCloser

func appendTo(path string) (logFile, error) { return safefile.Append(path, logKind) }

// logKind is how a log is told from a state or settings, which must not be added to.
var logKind = safefile.Kind{
	Name:  "a log",
	Known: func(head []byte) bool { return bytes.HasPrefix(head, []byte(`{"time":`)) },
}

// LogLevels are the levels, the most silent first. "info" is the record of what was changed.
var LogLevels = []string{"off", "warn", "info", "debug"}

// callLog writes a line for each call. The zero value, and nil, log nothing.
type callLog struct {
	lines *slog.Logger
	out   *auditFile // nil: a lost line stops nothing
}

func (l Log) start(run string) (*callLog, error) {
	level := l.Level
	if level == "" && l.File != "" {
		level = "info"
	}
	if level == "" || level == "off" {
		return &callLog{}, nil
	}
	log, out := &callLog{}, l.Out
	if l.File != "" {
		open := l.open
		if open == nil {
			open = appendTo
		}
		file, err := open(l.File)
		if err != nil {
			return nil, ending.RefusedError{Err: fmt.Errorf("open the log: %w", err)}
		}
		log.out = &auditFile{name: l.File, file: file, lost: make(chan struct{})}
		out = log.out
	}
	least := slog.LevelDebug
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, err
	}
	log.lines = slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: least})).With("run", run)
	if l.Target != "" {
		log.lines = log.lines.With("target", l.Target)
	}
	return log, nil
}

// call writes one line for one attempt at a call, with the ID under which AWS knows it.
func (l *callLog) call(c cloud.Call) {
	if l.lines == nil {
		return
	}
	level := slog.LevelDebug
	if c.Mutating {
		level = slog.LevelInfo
	}
	fields := []any{
		"region", c.Region, "service", c.Service, "operation", c.Operation, "mutating", c.Mutating,
		"requestId", c.RequestID, "ms", c.Took.Milliseconds(),
	}
	if c.Err != nil {
		level = max(level, slog.LevelWarn)
		fields = append(fields, "code", cloud.Code(c.Err), "error", c.Err.Error())
	}
	l.lines.Log(context.Background(), level, "call", fields...)
}

// permit refuses a call that changes something after a line of the log was lost: every change must be on record. The
// state's own writes continue, since it must have every resource that was created.
func (l *callLog) permit(c cloud.Call) error {
	const state = "S3"
	if l.out == nil || !c.Mutating || c.Service == state {
		return nil
	}
	return l.out.err()
}

// whenLost cancels with the reason as soon as a line is lost.
func (l *callLog) whenLost(cancel context.CancelCauseFunc) (stop func()) {
	if l == nil || l.out == nil {
		return func() {}
	}
	stopped := make(chan struct{})
	go func() {
		select {
		case <-l.out.lost:
			cancel(l.out.err())
		case <-stopped:
		}
	}()
	return sync.OnceFunc(func() { close(stopped) })
}

func (l *callLog) close() error {
	if l.out == nil {
		return nil
	}
	return l.out.close()
}

// LogError says that a line of the log could not be written.
type LogError struct {
	File string
	Err  error
}

func (e *LogError) Error() string {
	return fmt.Sprintf("write the log %s: %v; without a log the run changes nothing more", e.File, e.Err)
}

// Unwrap gives the system's reason.
func (e *LogError) Unwrap() error { return e.Err }

// NextStep implements [ending.Advisor].
func (e *LogError) NextStep() string {
	return "free some space for the log, or choose another path with --log-file; then " + ending.GoOn
}

// auditFile keeps the first error of writing.
type auditFile struct {
	name string
	file logFile
	lost chan struct{} // closed with the first error

	mu    sync.Mutex
	first error
}

// Write implements [io.Writer].
func (a *auditFile) Write(line []byte) (int, error) {
	n, err := a.file.Write(line)
	return n, a.keep(err)
}

func (a *auditFile) keep(err error) error {
	if err == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.first == nil {
		a.first = &LogError{File: a.name, Err: err}
		close(a.lost)
	}
	return a.first
}

func (a *auditFile) err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.first
}

// close also returns what was lost, so that a run without any further call does not end well.
func (a *auditFile) close() error {
	_ = a.keep(a.file.Close())
	return a.err()
}
