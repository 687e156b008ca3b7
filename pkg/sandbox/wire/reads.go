package wire

import (
	"regexp"
	"strings"
)

// Reads are the names of the parameters that were looked for, whether they had been sent or not.
type Reads map[string]bool

func (r *Reads) note(name string) {
	if r != nil {
		(*r)[name] = true
	}
}

// Watched are the same parameters, and what will have been read of them.
func (p Params) Watched() (Params, *Reads) {
	p.reads = &Reads{}
	return p, p.reads
}

// Ignore counts parameters as read that make no difference by AWS's own documentation.
func (p Params) Ignore(names ...string) {
	for _, name := range names {
		p.reads.note(p.prefix + name)
	}
}

// Unread is the first parameter that was sent and not read, empty if there is none.
func (p Params) Unread(reads *Reads) string {
	for _, name := range p.names {
		if !(*reads)[name] && !ofProtocol(name) {
			return name
		}
	}
	return ""
}

// ofProtocol says whether a parameter belongs to the protocol or to a signature in the query, not to an operation.
func ofProtocol(name string) bool {
	return name == "Action" || name == "Version" || strings.HasPrefix(name, "X-Amz-")
}

var index = regexp.MustCompile(`\.[0-9]+`)

// Shape is the names of all parameters. Lists with the same members have the same shape, however long they are.
func (p Params) Shape() string {
	seen := map[string]bool{}
	var b strings.Builder
	for _, name := range p.names {
		if plain := index.ReplaceAllString(name, ".N"); !seen[plain] {
			seen[plain] = true
			b.WriteString(plain + "\n")
		}
	}
	return b.String()
}
