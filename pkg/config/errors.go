package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in what the user gave.
type Error struct {
	Origin  Origin `json:"origin"`
	Setting string `json:"setting,omitempty"` // its path, such as "defaults.network.azs"
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`   // what to do about it
	Excerpt string `json:"source,omitempty"` // the line of the file

	unknown string // the field, where the mistake is its name
}

// Errors are all mistakes that were found, in the order of the file.
type Errors []Error

// Error is the mistake on one line, followed by the line of the file with a caret under the place, if it has one.
func (e Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", e.Origin)
	if e.Setting != "" {
		fmt.Fprintf(&b, "%s: ", e.Setting)
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	if e.Excerpt != "" {
		number := fmt.Sprintf("%4d", e.Origin.Line)
		fmt.Fprintf(&b, "\n%s | %s\n%s | %s", number, e.Excerpt, strings.Repeat(" ", len(number)), e.carets())
	}
	return b.String()
}

// carets marks the place below the excerpt. Tabs are kept, so that both lines are indented alike.
func (e Error) carets() string {
	line := []rune(e.Excerpt)
	start := min(max(e.Origin.Column-1, 0), len(line))
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string(line[:start]))
	return indent + strings.Repeat("^", max(1, min(e.Origin.width, len(line)-start)))
}

func (es Errors) Error() string {
	texts := make([]string, len(es))
	for i, e := range es {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "\n")
}

// maxErrors is enough for one round of corrections, and bounds what a file of aliases to mistakes can cost.
const maxErrors = 200

// mistakes are collected, each once: a wrong default shows up again in every region.
type mistakes struct {
	lines []string // of the file
	found Errors
	seen  map[Error]bool
}

func newMistakes(source string) *mistakes {
	return &mistakes{lines: splitLines(source), seen: map[Error]bool{}}
}

// splitLines knows YAML's three line ends.
func splitLines(source string) []string {
	unix := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source)
	return strings.Split(strings.TrimPrefix(unix, "\ufeff"), "\n")
}

func (r *mistakes) add(at Origin, setting, hint, format string, args ...any) {
	r.put(Error{Origin: at, Setting: setting, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *mistakes) put(e Error) {
	at := e.Origin
	if at.Source == FromFile && at.Line >= 1 && at.Line <= len(r.lines) {
		e.Excerpt = r.lines[at.Line-1]
	}
	if !r.seen[e] && !r.isFull() {
		r.seen[e] = true
		r.found = append(r.found, e)
	}
}

// isFull tells that there is no point in looking for more.
func (r *mistakes) isFull() bool { return len(r.found) >= maxErrors }

// setting adds a mistake in a setting, where it was made, unless it was found to be wrong before.
func (r *mistakes) setting(v value, hint, format string, args ...any) {
	if !v.bad {
		r.add(v.at, v.path, hint, format, args...)
	}
}

// err is what was found, sorted, or nil.
func (r *mistakes) err() error {
	if len(r.found) == 0 {
		return nil
	}
	slices.SortStableFunc(r.found, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Origin.Line, b.Origin.Line), cmp.Compare(a.Origin.Column, b.Origin.Column))
	})
	return r.found
}
