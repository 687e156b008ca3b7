package ui

import (
	"html"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestEscaped(t *testing.T) {
	for text, want := range map[string]string{
		"eu west 1":                 "eu west 1",
		"<script>alert(1)</script>": "&#60;script&#62;alert&#40;1&#41;&#60;&#47;script&#62;",
		"[x](y) @me #1 `a` *b* _c_": "&#91;x&#93;&#40;y&#41; &#64;me &#35;1 &#96;a&#96; &#42;b&#42; &#95;c&#95;",
		"a|b\n\n# c":                "a&#124;b&#92;u000a&#92;u000a&#35; c",
		"user\u202egpj.exe":         "user&#92;u202egpj&#46;exe",
	} {
		if got := escaped(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// No text gets markup, a line's end or an unseen character out, and what can be seen comes out as it went in.
func TestEscapedIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		got := escaped(text)
		if i := strings.IndexAny(got, "<>\"'`*_[]()!|@~\\$\n\r\x00"); i >= 0 {
			t.Errorf("%q lets %q through: %s", text, got[i], got)
		}
		if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) && html.UnescapeString(got) != text {
			t.Errorf("%q is shown as %q", text, html.UnescapeString(got))
		}
	})
}
