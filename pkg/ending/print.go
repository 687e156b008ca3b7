package ending

import (
	"fmt"
	"io"
)

// Print prints each cause on a line of its own and what to do about the first that is known, and returns the exit code.
// The command is the one that was run.
func Print(w io.Writer, command string, err error) int {
	code := Code(err)
	if code == Changes || code == Declined {
		if code == Declined {
			fmt.Fprintln(w, err)
		}
		return code
	}
	for _, cause := range reported(err) {
		fmt.Fprintln(w, "provision: "+Text(cause))
	}
	if next := NextStep(command, err); next != "" {
		fmt.Fprintln(w, "next: "+next)
	}
	return code
}
