package ending_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

func TestEveryEndHasACodeAndANextStep(t *testing.T) {
	held := &graph.HeldError{By: []graph.Blocker{{ID: "eni-1", Kind: "network interface"}}}
	node := &graph.NodeError{Region: "eu-west-1", Key: "vpc", Tried: "delete", Err: held}
	for _, c := range []struct {
		err  error
		code int
	}{
		{&state.LockedError{Location: "web.json"}, ending.Locked},
		{&state.LostError{Location: "web.json"}, ending.Stale},
		{fmt.Errorf("write it: %w", state.ErrStale), ending.Stale},
		{&state.CorruptError{Location: "web.json", Cause: "it is empty"}, ending.Refused},
		{&state.NewerError{Location: "web.json"}, ending.Refused},
		{&state.UnwritableError{Location: "web.json", Err: syscall.EROFS}, ending.Refused},
		{&state.WriteError{Location: "web.json", Err: syscall.ENOSPC}, ending.Failed},
		{state.ErrNothing, ending.Refused},
		{&compute.ZonesError{Wish: compute.ZoneWish{Least: 3}}, ending.Refused},
		{&stack.PartialError{Done: 1, Err: &compute.ZonesError{}}, ending.Partial},
		{errors.Join(&compute.ZonesError{}, &compute.ZonesError{Wish: compute.ZoneWish{Least: 3}}), ending.Refused},
		{errors.Join(&compute.ZonesError{}, &graph.NodeError{Err: errors.New("no")}), ending.Failed}, // it had started
		{node, ending.Unproven},
		{&stack.PartialError{Done: 1, Err: node}, ending.Unproven},
		{&stack.PartialError{Done: 1, Err: &graph.NodeError{Err: errors.New("no")}}, ending.Partial},
		{&stack.LeftError{Region: "eu-west-1"}, ending.Unproven},
		{&graph.NodeError{Err: errors.New("no")}, ending.Failed},
	} {
		if code := ending.Code(c.err); code != c.code {
			t.Errorf("%v: exit code %d, want %d", c.err, code, c.code)
		}
		if ending.Next(c.err) == "" {
			t.Errorf("%v: there is nothing to do next", c.err)
		}
	}
	if code := ending.Code(nil); code != ending.Done {
		t.Errorf("what went well ends with %d", code)
	}
}

// Where a flag is wrong, the advice does not point to the file.
func TestNextStepIsWhereTheMistakeIs(t *testing.T) {
	flag := config.Error{Origin: config.Origin{Source: config.FromFlag, Name: "--regions"}, Message: "unknown region"}
	file := config.Error{Origin: config.Origin{Source: config.FromFile, Name: "provision.yaml", Line: 3}, Message: "unknown field"}
	for want, err := range map[string]error{
		"flag or variable":          config.Errors{flag},
		"provision config validate": config.Errors{flag, file},
		"correct the settings":      file,
	} {
		if next := ending.Next(err); !strings.Contains(next, want) {
			t.Errorf("%v: next is %q, want %q", err, next, want)
		}
	}
}

// An error that only follows from another failure is not a cause, and no cause is printed twice.
func TestCausesAreSaidOnce(t *testing.T) {
	full := &state.WriteError{Location: "web.json", Err: syscall.ENOSPC}
	igw := &graph.NodeError{Region: "eu-west-1", Key: "internet-gateway", Err: &graph.BlockedError{By: "vpc"}}
	vpc := &graph.NodeError{Region: "eu-west-1", Key: "vpc", Tried: "create", Err: full}
	err := &stack.PartialError{Done: 1, Err: errors.Join(errors.Join(vpc, igw), full, errors.Join(full, vpc))}
	var said []string
	for _, cause := range ending.Causes(err) {
		said = append(said, cause.Error())
	}
	if diff := cmp.Diff([]string{vpc.Error(), full.Error()}, said); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
}
