package paint

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"provision/pkg/foreign"
)

// Brief is an error in one line, without the SDK's prefix to AWS's own words: the call and the request, which the
// report at the end has. Foreign text can't move the cursor here.
func Brief(text string) string {
	if _, code, ok := strings.Cut(text, "api error "); ok {
		text = code
	}
	return foreign.Line(strings.Join(strings.Fields(ansi.Strip(text)), " "))
}
