package main

import (
	"cmp"
	"errors"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// nextStep is what to do about an error, as a clause; docs/troubleshooting.md has each in full. What the command line
// says comes first: it may have led to the rest.
func nextStep(err error) string { return cmp.Or(nextForRun(err), ending.Next(err)) }

func nextForRun(err error) string {
	switch {
	case is[stoppedError](err) || errors.Is(err, errTimeout):
		return ending.GoOn
	case is[usageError](err):
		return "`provision help` shows what can be said"
	case is[*noPluginError](err):
		return "install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/" +
			"session-manager-working-with-install-plugin.html"
	case errors.Is(err, sandbox.ErrInUse):
		return "wait for the other run, or keep a sandbox of your own with --sandbox-file"
	}
	return ""
}
