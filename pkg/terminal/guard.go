package terminal

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"provision/pkg/foreign"
)

// guard writes out what a text could do to a terminal or a CI system beyond being read: tags, names of lock holders, states and
// AWS's messages are part of what is shown, and others write them. Only colours pass, since the program paints. It works on
// whole writes and remembers whether the last one ended in the middle of a line.
type guard struct{ inLine bool }

// clean is the text with every other control character, and every character that turns the direction of text, written out, in
// JSON's way where it has one; and without the commands of GitHub's runner: "::" at the start of a line, "##[" anywhere.
func (g *guard) clean(text []byte) []byte {
	out := bytes.Buffer{}
	for len(text) > 0 {
		if n := colour(text); n > 0 {
			out.Write(text[:n])
			text = text[n:]
			continue
		}
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1 && utf8.FullRune(text):
			fmt.Fprintf(&out, `\x%02x`, text[0])
		case !g.inLine && bytes.HasPrefix(text, []byte("::")):
			out.WriteString(`\::`)
			n = 2
		case bytes.HasPrefix(text, []byte("##[")):
			out.WriteString(`##\u005b`)
			n = 3
		case r == '\n' || r == '\t' || r != utf8.RuneError && !foreign.Acts(r):
			out.WriteRune(r)
		case r == utf8.RuneError:
			out.Write(text[:n])
		default:
			out.WriteString(foreign.Escaped(r))
		}
		if r == '\n' {
			g.inLine = false
		} else if !unicode.IsSpace(r) {
			g.inLine = true
		}
		text = text[n:]
	}
	return out.Bytes()
}

// colour is the length of the colour at the start of the text, "ESC [ numbers m"; 0 if it starts with something else.
func colour(text []byte) int {
	if !bytes.HasPrefix(text, []byte("\x1b[")) {
		return 0
	}
	for i, b := range text[2:] {
		switch {
		case b == 'm':
			return i + 3
		case b != ';' && b != ':' && (b < '0' || b > '9'):
			return 0
		}
	}
	return 0
}
