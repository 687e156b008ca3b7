package foreign_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"provision/pkg/foreign"
)

func TestLine(t *testing.T) {
	for value, want := range map[string]string{
		"plain – ✓ ümlaut":              "plain – ✓ ümlaut",
		"a\tb":                          "a b",
		"a\nPlan: nothing to do":        `a\nPlan: nothing to do`,
		"a\r\nb":                        `a\r\nb`,
		"\x1b[8mhidden":                 `\u001b[8mhidden`,
		"web\u202egnp.exe":              `web\u202egnp.exe`,
		"\u2066x\u2069\u200e":           `\u2066x\u2069\u200e`,
		"a\u2028b\u2029c\ufeffd\u0085e": `a\u2028b\u2029c\ufeffd\u0085e`,
	} {
		if got := foreign.Line(value); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// Whatever others write stays a part of its line, and nothing of it acts.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{"a\nb", "\x1b[2J", "\u202e", "\xff\n", "::add-mask::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		line := foreign.Line(value)
		if strings.ContainsFunc(line, foreign.Acts) {
			t.Errorf("%q acts in %q", value, line)
		}
		if utf8.ValidString(value) && !strings.ContainsFunc(value, foreign.Acts) && line != value {
			t.Errorf("%q was changed to %q", value, line)
		}
	})
}
