package inventory

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// Diff says what was removed (-), added (+) and changed (~) between two inventories; empty where they are the same.
func Diff(before, after Inventory) string {
	var text strings.Builder
	was, is := before.byKey(), after.byKey()
	for _, r := range before.Without(after) {
		fmt.Fprintf(&text, "- %s\n", r)
	}
	for _, r := range after.Without(before) {
		fmt.Fprintf(&text, "+ %s\n", r)
	}
	for _, r := range after.Within(before) {
		if old := was[r.key()]; old != is[r.key()] {
			fmt.Fprintf(&text, "~ %s (-before +after)\n%s\n", r.key(), cmp.Diff(fields(old), fields(r)))
		}
	}
	return text.String()
}

// fields are those of a resource, for a difference that names the ones that changed.
func fields(r Resource) any {
	var value any
	if err := json.Unmarshal([]byte(r.Text), &value); err != nil {
		return r.Text
	}
	return value
}
