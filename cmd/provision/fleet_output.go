package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/charmbracelet/colorprofile"

	"provision/pkg/fleet"
	"provision/pkg/ui"
)

// output is the terminal of one target: its results are kept until it is done, and each line of its progress bears its
// name.
func (r *fleetRun) output(name string) (t terminal, out *bytes.Buffer, flush func()) {
	width := 0
	for _, other := range r.chosen {
		width = max(width, len(other))
	}
	out = &bytes.Buffer{}
	lines := &prefixed{to: &locked{&r.mu, r.terminal.err.Forward}, prefix: fmt.Sprintf("%-*s  ", width, name)}
	t = r.terminal
	t.target, t.events = name, &locked{&r.mu, r.terminal.events}
	t.out = &colorprofile.Writer{Forward: out, Profile: r.terminal.out.Profile}
	t.err = &colorprofile.Writer{Forward: lines, Profile: r.terminal.err.Profile}
	shared := *r.home.backend
	shared.home, shared.borrowed = r.home.home, true
	t.backend = func(*flags) (*backend, error) { return &shared, nil }
	return t, out, lines.flush
}

// tell shows what happened to a target as soon as it did, but for programs, which get one document at the end.
func (r *fleetRun) tell(name string, out []byte, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[name] = ui.TargetResult{Document: out}
	switch r.flags.output {
	case "json", "yaml":
	case markdown:
		fmt.Fprintf(r.terminal.out, "## %s: %s\n\n%s\n", name, endOf(err), out)
	default:
		ui.TargetHead(r.terminal.out, name, endOf(err))
		_, _ = r.terminal.out.Write(append(out, '\n'))
	}
}

// show ends the results with a line for each target.
func (r *fleetRun) show(results []fleet.Result) error {
	var all []ui.TargetResult
	for _, result := range results {
		target := r.configs[result.Target].Target
		all = append(all, ui.TargetResult{
			Target: result.Target, Account: target.Account, TakenOver: result.TakenOver, Result: endOf(result.Err),
			Exit: exitCode(result.Err), Err: result.Err, Document: r.results[result.Target].Document,
		})
	}
	if r.flags.output == markdown {
		return nil
	}
	return r.flags.showAs(r.terminal, func(w io.Writer) error { return ui.FleetJSON(w, all) }, func() error {
		ui.Fleet(r.terminal.out, all)
		return nil
	})
}

// endOf says in a word how the work on a target ended.
func endOf(err error) string {
	switch exitCode(err) {
	case exitDone:
		return "done"
	case exitChanges:
		return "differs"
	case exitPartial:
		return "partly done"
	case exitRefused:
		return "refused"
	case exitLocked:
		return "locked"
	case exitTimeout:
		return "stopped"
	}
	if is[stoppedError](err) {
		return "stopped"
	}
	return "failed"
}

// besideTarget is a file's name with a target's in it: up-shop-dev.xml for up.xml.
func besideTarget(path, target string) string {
	if path == "" {
		return ""
	}
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + "-" + target + ext
}

// locked is a writer that several targets share.
type locked struct {
	mu *sync.Mutex
	to io.Writer
}

// Write implements [io.Writer].
func (l *locked) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(text)
}

// prefixed writes whole lines, each after the same words.
type prefixed struct {
	to     io.Writer
	prefix string

	mu   sync.Mutex
	rest []byte // of a line that has not ended yet
}

// Write implements [io.Writer].
func (p *prefixed) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rest = append(p.rest, text...)
	end := bytes.LastIndexByte(p.rest, '\n') + 1
	var whole bytes.Buffer
	for line := range bytes.Lines(p.rest[:end]) {
		if len(line) > 1 {
			whole.WriteString(p.prefix)
		}
		whole.Write(line)
	}
	p.rest = append([]byte(nil), p.rest[end:]...)
	_, err := p.to.Write(whole.Bytes())
	return len(text), err
}

// flush ends a line that did not end by itself.
func (p *prefixed) flush() {
	p.mu.Lock()
	open := len(p.rest) > 0
	p.mu.Unlock()
	if open {
		_, _ = p.Write([]byte("\n"))
	}
}
