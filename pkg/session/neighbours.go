package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Neighbours are the names of other stacks whose state files lie next to this one's, where this one has none and never
// had: nil otherwise, and for a state in S3.
func (s *Session) Neighbours() []string {
	if !s.unheardOf() {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(s.Config.State.Path), "*.json"))
	if err != nil {
		return nil
	}
	var names []string
	for _, file := range files {
		if name := stackIn(file); name != "" && name != s.Config.Name {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// unheardOf says whether the stack's state is a file that is not there and never was.
func (s *Session) unheardOf() bool {
	if s.Config.State.S3 != "" || !s.Stack.Record.Document().Empty() {
		return false
	}
	for _, path := range []string{s.Config.State.Path, s.Config.State.Path + ".bak"} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return true
}

// stackIn is the name of the stack that a file is the state of; empty if it is another kind of file.
func stackIn(file string) string {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() || strings.HasSuffix(file, "sandbox.json") {
		return ""
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	var head struct {
		Stack  string `json:"stack"`
		Schema int    `json:"schema"`
	}
	if json.Unmarshal(text, &head) != nil || head.Schema == 0 {
		return ""
	}
	return head.Stack
}

// NeverMadeError says that the stack to remove has neither a state nor anything in its regions.
type NeverMadeError struct {
	Name       string
	Neighbours []string // other stacks that have a state in the same folder
}

func (e *NeverMadeError) Error() string {
	text := fmt.Sprintf("there is no stack %s: it has no state here, and nothing carries its tags", e.Name)
	if len(e.Neighbours) > 0 {
		text += "; the stacks with a state here are: " + strings.Join(e.Neighbours, ", ")
	}
	return text
}

// NextStep implements [ending.Advisor].
func (e *NeverMadeError) NextStep() string {
	return "--name, --state and the folder decide which stack is meant, and --regions where it is looked for"
}

// NeverMade refuses the removal of a stack that was never created, as far as can be told: with n things found there is one.
func (s *Session) NeverMade(n int) error {
	if n > 0 || s.Config.Target.Name != "" || !s.unheardOf() { // a fleet's target might not be created yet
		return nil
	}
	return &NeverMadeError{s.Config.Name, s.Neighbours()}
}
