package main

import "strings"

// noteNeighbours names the stacks whose states are in the same folder, where this one has none yet: a name that was
// mistyped or changed in the settings would otherwise create a second stack without a word.
func (s *opened) noteNeighbours() {
	if names := s.Neighbours(); len(names) > 0 {
		s.host.terminal.Notef("There is no state of %s here, but one of %s: --name, or `name:` in the settings, says which is meant.",
			s.Config.Name, strings.Join(names, ", "))
	}
}
