package sandboxtest

import (
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

// Repairs makes what build wants, lets drift change it behind the engine's back, and checks that a plan says just want,
// that it is repaired, and that it can be removed.
func (s *Stage) Repairs(build func(*graph.Graph), drift func() error, want []string) {
	s.Helper()
	s.Up(build)
	if err := drift(); err != nil {
		s.Fatal(err)
	}
	if diff := cmp.Diff(want, Differences(s.Plan(build))); diff != "" {
		s.Errorf("differences (-want +got):\n%s", diff)
	}
	s.Up(build)
	s.Down()
}

// OneOfEach checks that what build wants is there, each once, and nothing else of the owner's.
func (s *Stage) OneOfEach(build func(*graph.Graph)) {
	s.Helper()
	if diff := cmp.Diff(s.Wanted(build), s.There()); diff != "" {
		s.Errorf("there (-want +got):\n%s", diff)
	}
}
