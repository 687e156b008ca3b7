package terminal

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"provision/pkg/foreign"
)

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"plain – ✓ ümlaut\tx\n":      "plain – ✓ ümlaut\tx\n",
		"\x1b[1;31mred\x1b[0m\n":     "\x1b[1;31mred\x1b[0m\n",
		"\x1b]0;title\x07":           `\u001b]0;title\u0007`,
		"\x1b[2J\x1b[1;1H":           `\u001b[2J\u001b[1;1H`,
		"a\rb":                       `a\rb`,
		"\u009b2J":                   `\u009b2J`,
		"web\u202egnp.exe":           `web\u202egnp.exe`,
		"\u2066x\u2069":              `\u2066x\u2069`,
		"::add-mask::x\n":            `:\:add-mask::x` + "\n",
		"a\n  ::set-output name=x::": "a\n  " + `:\:set-output name=x::`,
		"a ::b":                      "a ::b",
		":\x1b[m:add-mask::x":        ":\x1b[m" + `\:add-mask::x`,
		"\x1b[1m \x1b[m::x":          "\x1b[1m \x1b[m:" + `\:x`,
		"#\x1b[m#\x1b[1m[x":          "#\x1b[m#\x1b[1m" + `\u005bx`,
		"###[x #[ [":                 `###\u005bx #[ [`,
		"x ##[add-path]/tmp":         `x ##\u005badd-path]/tmp`,
		"\xff":                       `\xff`,
	} {
		if got := string(new(guard).clean([]byte(text))); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A line can be written in pieces.
func TestGuardRemembersTheLine(t *testing.T) {
	var g guard
	var got strings.Builder
	for _, text := range []string{"::", "a", "::b\n", ":", ":c\n", " ", ":", ":d #", "#", "[e"} {
		got.Write(g.clean([]byte(text)))
	}
	if want := `:\:a::b` + "\n" + `:\:c` + "\n" + ` :\:d ##\u005be`; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
	}
}

// A document for programs stays the same document.
func TestGuardKeepsJSON(t *testing.T) {
	want := "::a ##[x] \x1b[2J \u202e \u0085 \u2028 \r\n"
	text, err := json.MarshalIndent(map[string]string{"k": want}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal(new(guard).clean(text), &got); err != nil || got["k"] != want {
		t.Errorf("got %q, error %v", got["k"], err)
	}
}

var colours = regexp.MustCompile("\x1b\\[[0-9;:]*m")

// Only colours and text get to the terminal, whatever others write.
func FuzzGuard(f *testing.F) {
	for _, seed := range []string{"\x1b[1m::x", "##[", "\x1b\x1b[m[2J", "#\x1b[m#[", "::\n::", "\u202e", "\xe2\x80", ":\x1b[m:", ":", "##"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		if !utf8.ValidString(first) || !utf8.ValidString(second) {
			t.Skip() // a character cut in two between writes is not put together
		}
		var g guard
		out := append(g.clean([]byte(first)), g.clean([]byte(second))...)
		for _, r := range colours.ReplaceAllString(string(out), "") {
			if r != '\n' && r != '\t' && foreign.Acts(r) {
				t.Errorf("%q passes in %q", r, out)
			}
		}
		plain := colours.ReplaceAll(out, nil)
		if bytes.Contains(plain, []byte("##[")) {
			t.Errorf("a command passes: %q", plain)
		}
		for line := range bytes.Lines(plain) {
			if strings.HasPrefix(strings.TrimSpace(string(line)), "::") {
				t.Errorf("a command passes: %q", line)
			}
		}
	})
}
