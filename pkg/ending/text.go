package ending

import (
	"strings"

	"provision/pkg/cloud"
)

// Text is an error as people read it, wherever it is shown: AWS's own words first, and not what the SDK says around them.
func Text(err error) string { return cloud.Text(err) }

// OneOf lists the values that a flag allows: "table, json or yaml".
func OneOf(allowed []string) string {
	last := len(allowed) - 1
	if last < 1 {
		return strings.Join(allowed, "")
	}
	return strings.Join(allowed[:last], ", ") + " or " + allowed[last]
}
