package ui

import (
	"fmt"
	"strings"
	"unicode"
)

// escaped is a text of any origin — a tag, an error, the name of another owner's resource — for a document of HTML or
// Markdown: it is shown as it is and never read as markup, a link or the mention of a person. Invisible characters are
// written out.
func escaped(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case plainRune(r):
			out.WriteRune(r)
		case unicode.IsPrint(r):
			fmt.Fprintf(&out, "&#%d;", r)
		default:
			fmt.Fprintf(&out, "&#92;u%04x", r) // control characters, and those that turn the direction of text
		}
	}
	return out.String()
}

// plainRune is true of characters that mean nothing in either language, wherever they are.
func plainRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" ,;→…", r)
}
