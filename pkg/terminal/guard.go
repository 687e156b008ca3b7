package terminal

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"provision/pkg/foreign"
)

// guard writes out what a text could do to a terminal or a CI system beyond being read: tags, names of lock holders, states and
// AWS's messages are part of what is shown, and others write them. Only colours pass, since the program paints. A text may
// come in several writes, and colours may be taken out later: what stands before a character is what will be seen there.
type guard struct {
	seen   int  // characters of the line, without spaces at its start
	before rune // the last of them
	hashes int  // how many # these end in
}

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
		case r == ':' && g.seen == 1 && g.before == ':':
			out.WriteString(`\:`)
		case r == '[' && g.hashes >= 2:
			out.WriteString(`\u005b`)
		case r == '\n' || r == '\t' || r != utf8.RuneError && !foreign.Acts(r):
			out.WriteRune(r)
		case r == utf8.RuneError:
			out.Write(text[:n])
		default:
			out.WriteString(foreign.Escaped(r))
		}
		g.note(r)
		text = text[n:]
	}
	return out.Bytes()
}

// note remembers a character for those that follow.
func (g *guard) note(r rune) {
	switch {
	case r == '\n':
		*g = guard{}
		return
	case g.seen == 0 && unicode.IsSpace(r):
		return
	case r == '#':
		g.hashes++
	default:
		g.hashes = 0
	}
	g.seen, g.before = g.seen+1, r
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
