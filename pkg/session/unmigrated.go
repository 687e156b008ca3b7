package session

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"provision/pkg/ending"
	"provision/pkg/state"
)

// UnmigratedError says that there is no state where the settings keep it, while a file that they kept it in before has
// this stack's: a run would create everything again, or say that nothing is there.
type UnmigratedError struct {
	Stack   string
	Here    string // where the settings keep the state, as an argument
	File    string // that has it
	Target  string // of a fleet; empty: the settings are those of a single stack
	Regions []string
}

func (e *UnmigratedError) Error() string {
	return fmt.Sprintf("there is no state of %s at %s, but %s has one, with resources in %s", e.Stack, e.Here, e.File,
		strings.Join(e.Regions, ", "))
}

// NextStep implements [ending.Advisor].
func (e *UnmigratedError) NextStep() string {
	from, which := e.File, ""
	if e.Target != "" { // --state names the place of the whole fleet
		from, which = filepath.Join(filepath.Dir(filepath.Dir(e.File)), filepath.Base(e.File)), "--targets "+e.Target+" "
	}
	command := fmt.Sprintf("provision state migrate %s--state %s %s", which, from, e.Here)
	return "`" + command + "` copies it; if that stack is gone, delete the file"
}

// unmigrated is an [UnmigratedError] if the place where the settings keep the state has none, and a file that they keep
// it in without that, or by default, has one of this stack's, in the same account.
func (s *Session) unmigrated(ctx context.Context) error {
	for _, file := range s.Config.EarlierStates() {
		if _, err := os.Stat(file); err != nil || filepath.Clean(file) == filepath.Clean(s.Config.State.Path) {
			continue
		}
		d, err := state.NewLocal(file, state.Options{}).Load(ctx)
		if err != nil || d.Fresh() || d.Empty() || d.Stack != s.Config.Name {
			continue
		}
		here := s.head()
		if here.Account == "" { // not known yet
			here.Account = d.Account
		}
		if d.Check(here) != nil {
			continue
		}
		regions := slices.DeleteFunc(d.RegionNames(), func(region string) bool { return len(d.Regions[region].Resources) == 0 })
		place := s.Config.State.Path
		if s.Config.State.S3 != "" {
			place = s.Config.State.S3
		}
		return ending.RefusedError{Err: &UnmigratedError{
			Stack: s.Config.Name, Here: place, File: file, Target: s.Config.Target.Name, Regions: regions,
		}}
	}
	return nil
}
