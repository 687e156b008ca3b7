package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"provision/pkg/cloud"
)

// logFlags say what is logged of the API calls, and where.
type logFlags struct {
	level string
	file  string
}

// logLevels are the values of --log-level, the most silent first. "info" is the record of what was changed.
var logLevels = []string{"off", "warn", "info", "debug"}

func (l *logFlags) add(set *pflag.FlagSet) {
	set.StringVar(&l.level, "log-level", "", "API calls to log: off, warn (those that failed), info (and those that change\n"+
		"something) or debug (all) (default: off, but info with --log-file)")
	set.StringVar(&l.file, "log-file", "", "file to append the log to, one JSON object a line (default: standard error)")
}

func (l *logFlags) check() error {
	if l.level == "" {
		return nil
	}
	if slices.Contains(logLevels, l.level) {
		return nil
	}
	return usageError{fmt.Errorf("--log-level: %q is none of %s", l.level, strings.Join(logLevels, ", "))}
}

// open gives a logger, or nil if nothing is to be logged.
func (l *logFlags) open(t terminal, run string) (log *slog.Logger, end func() error, err error) {
	level, end := l.level, func() error { return nil }
	if level == "" && l.file != "" {
		level = "info"
	}
	if level == "" || level == "off" {
		return nil, end, nil
	}
	var out io.Writer = t.err
	if l.file != "" {
		file, err := os.OpenFile(l.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, end, refusedError{fmt.Errorf("open the log: %w", err)}
		}
		out, end = file, file.Close
	}
	least := slog.LevelDebug
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, end, err
	}
	handler := slog.NewJSONHandler(out, &slog.HandlerOptions{Level: least})
	log = slog.New(handler).With("run", run)
	if t.target != "" {
		log = log.With("target", t.target)
	}
	return log, end, nil
}

// logCall writes one line for one attempt at a call, with the ID under which AWS knows it.
func logCall(log *slog.Logger, c cloud.Call) {
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
	log.Log(context.Background(), level, "call", fields...)
}
