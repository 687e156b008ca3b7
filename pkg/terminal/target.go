package terminal

import (
	"bytes"
	"io"
	"sync"
)

// ForTarget is the terminal of one target of a run on many: it keeps the target's results until the target is done, and
// starts each line of its progress with the prefix. All targets share the lock. Flush ends a line that has no end yet.
func (t Terminal) ForTarget(name, prefix string, mu *sync.Mutex) (of Terminal, results *bytes.Buffer, flush func()) {
	results = &bytes.Buffer{}
	lines := &prefixed{to: &locked{mu, t.Err.forward}, prefix: prefix}
	of = t
	of.target, of.events = name, &locked{mu, t.events}
	of.Out, of.Err = t.Out.to(results), t.Err.to(lines)
	return of, results, lines.flush
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

func (p *prefixed) flush() {
	p.mu.Lock()
	open := len(p.rest) > 0
	p.mu.Unlock()
	if open {
		_, _ = p.Write([]byte("\n"))
	}
}
