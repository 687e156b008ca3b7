package paint

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Brief is an error in one line, without what the SDK puts before AWS's own words: the call and the request, which the
// report at the end has. What others wrote moves no cursor here.
func Brief(text string) string {
	if _, code, ok := strings.Cut(text, "api error "); ok {
		text = code
	}
	return strings.Join(strings.Fields(ansi.Strip(text)), " ")
}
