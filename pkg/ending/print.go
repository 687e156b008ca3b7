package ending

import (
	"fmt"
	"io"

	"provision/pkg/foreign"
)

// Print prints each cause on a line of its own and what to do about each that is known, and returns the exit code.
// The command is the one that was run.
func Print(w io.Writer, command string, err error) int {
	code := Code(err)
	if code == Changes || code == Declined {
		if code == Declined {
			fmt.Fprintln(w, Text(err))
		}
		return code
	}
	for _, text := range sayings(reported(err)) {
		fmt.Fprintln(w, "provision: "+text)
	}
	for _, next := range NextSteps(command, err) {
		fmt.Fprintln(w, "next: "+foreign.Line(next))
	}
	return code
}
