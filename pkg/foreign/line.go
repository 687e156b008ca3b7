package foreign

import (
	"fmt"
	"strings"
	"unicode"
)

// Acts is true of characters that do something instead of being seen: they control the terminal, or turn the direction
// of the text around them.
func Acts(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

// Escaped is a character that acts, in a form that is seen: JSON's.
func Escaped(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// Line is a value that others wrote as a part of a line: it can neither start a line of its own, which would read as the
// program's, nor paint. A tab is a space.
func Line(value string) string {
	if !strings.ContainsFunc(value, Acts) {
		return value
	}
	var line strings.Builder
	for _, r := range value {
		switch {
		case r == '\t':
			line.WriteByte(' ')
		case Acts(r):
			line.WriteString(Escaped(r))
		default:
			line.WriteRune(r)
		}
	}
	return line.String()
}

// Lines are several values, each as [Line] writes it.
func Lines(values []string) []string {
	lines := make([]string, len(values))
	for i, value := range values {
		lines[i] = Line(value)
	}
	return lines
}
