package main

import (
	"cmp"
	"errors"
	"io/fs"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
	"provision/pkg/state"
)

// nextStep is what to do about an error, as a clause; docs/troubleshooting.md has each in full. What the command line,
// of this command, says comes first: it may have led to the rest.
func nextStep(command string, err error) string {
	return cmp.Or(nextForRun(command, err), ending.Next(err), nextForFile(err))
}

func nextForRun(command string, err error) string {
	stopped, _ := errors.AsType[stoppedError](err)
	switch {
	case stopped.asked:
		return ""
	case is[stoppedError](err) || errors.Is(err, errTimeout):
		return ending.GoOn
	case is[*noStackError](err):
		return "`provision up` makes one; --name, --state and the folder say which stack is meant, --regions where to look for it"
	case is[*unknownInstanceError](err):
		return "`provision connect` lists them"
	case is[usageError](err):
		return "`" + command + " --help` shows what can be said"
	case is[*state.CorruptError](err) && command == "provision state history": // it lists no earlier copy
		return "`provision recover` rebuilds it from what exists"
	case is[*noPluginError](err):
		return "install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/" +
			"session-manager-working-with-install-plugin.html"
	case errors.Is(err, sandbox.ErrInUse):
		return "wait for the other run; `provision sandbox serve` is one that several commands can use, --sandbox-file another one"
	}
	return ""
}

// nextForFile is for a file that nothing more is known of.
func nextForFile(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "work in a folder that you may write to, or give the right to"
	}
	return ""
}
