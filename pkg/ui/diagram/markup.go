package diagram

import (
	"html"
	"strconv"
	"strings"
	"unicode"
)

// markup is HTML or SVG under construction. Text and the values of attributes are escaped here and nowhere else; tags
// and the names of attributes are this package's own.
type markup struct{ strings.Builder }

// open starts an element. attributes are names and values in turn; an empty value leaves the attribute out.
func (m *markup) open(tag string, attributes ...string) {
	m.WriteString("<" + tag)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			m.WriteString(" " + attributes[i] + `="` + escape(attributes[i+1]) + `"`)
		}
	}
	m.WriteString(">")
}

func (m *markup) close(tags ...string) {
	for _, tag := range tags {
		m.WriteString("</" + tag + ">")
	}
}

// leaf is an element that contains text only.
func (m *markup) leaf(tag, text string, attributes ...string) {
	m.open(tag, attributes...)
	m.text(text)
	m.close(tag)
}

func (m *markup) text(text string) { m.WriteString(escape(text)) }

func (m *markup) line() { m.WriteByte('\n') }

// escape makes text safe in elements and in quoted attributes. Characters that XML forbids become replacement
// characters.
func escape(text string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar))))
}

func px(n int) string { return strconv.Itoa(n) }
