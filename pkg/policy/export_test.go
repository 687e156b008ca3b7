package policy

import (
	"slices"

	"provision/pkg/kinds"
)

// Administration is what the tests compare with the code.
func Administration() []string {
	all := administration
	for _, r := range kinds.All() {
		all = slices.Concat(all, r.Actions.Admin)
	}
	return sorted(all)
}

// Implied are the actions that AWS asks for though the program does not call them.
func Implied() []string {
	all := slices.Concat(keyReads, keyWrites)
	for _, r := range kinds.All() {
		all = append(all, r.Actions.Implied()...)
	}
	return all
}
