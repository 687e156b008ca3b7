package ending

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/network"
	"provision/pkg/preflight"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// GoOn is the next step where the user has nothing to fix.
const GoOn = "run the same command again; it resumes where this run stopped"

// NextStep is the advice on the error that ended a command, as a clause; docs/troubleshooting.md has each in full.
// Errors of the command line come first: they may have led to the rest.
func NextStep(command string, err error) string {
	return cmp.Or(nextForRun(command, err), Next(err), nextForFile(err))
}

// NextSteps are the advice on each cause of the error that ended a command, each once: one cause in many places has one.
// To run the command again is no advice while another cause stays, since it would fail again.
func NextSteps(command string, err error) []string {
	if is[StoppedError](err) || errors.Is(err, ErrTimeout) || is[UsageError](err) { // it may have led to the rest
		return withoutEmpty(nextForRun(command, err))
	}
	var all []string
	for _, cause := range reported(err) {
		all = append(all, NextStep(command, cause))
	}
	all = withoutEmpty(all...)
	if lasting := slices.DeleteFunc(slices.Clone(all), func(step string) bool { return step == GoOn }); len(lasting) > 0 {
		return lasting
	}
	if len(all) == 0 {
		return withoutEmpty(NextStep(command, err)) // what is printed of the causes may lack what the whole tells
	}
	return all
}

// withoutEmpty are the steps that say something, each once.
func withoutEmpty(steps ...string) []string {
	var all []string
	for _, step := range steps {
		if step != "" && !slices.Contains(all, step) {
			all = append(all, step)
		}
	}
	return all
}

// Next is what to do about an error, whatever the command was. AWS's own come late: an error that the program tells of may
// wrap one.
func Next(err error) string {
	return cmp.Or(nextForCheck(err), nextForSettings(err), nextForState(err), nextForStack(err), cloud.Advice(err), nextForWait(err))
}

func nextForRun(command string, err error) string {
	stopped, _ := errors.AsType[StoppedError](err)
	if stopped.AtQuestion {
		return ""
	}
	if is[StoppedError](err) || errors.Is(err, ErrTimeout) {
		return GoOn
	}
	if advisor, ok := errors.AsType[Advisor](err); ok {
		return advisor.NextStep()
	}
	switch {
	case is[UsageError](err):
		return "`" + command + " --help` shows the flags and arguments"
	case errors.Is(err, sandbox.ErrInUse):
		return "wait for the other run; `provision sandbox serve` starts one that several commands can share, --sandbox-file uses another"
	}
	return ""
}

// nextForFile is for a file that nothing more is known of.
func nextForFile(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "work in a folder that you can write to, or grant write access to this one"
	}
	return ""
}

// nextForCheck is for errors that were found before the run started.
func nextForCheck(err error) string {
	if found, ok := errors.AsType[*preflight.Error](err); ok {
		next := found.Next
		if is[*graph.HeldError](found) {
			next = nextForHeld(found)
		}
		return next + "; --skip-check skips this check"
	}
	return ""
}

// nextForSettings is for what the settings say.
func nextForSettings(err error) string {
	switch {
	case !inFile(err):
		return "correct that flag or variable; docs/configuration.md explains each setting"
	case is[config.Errors](err) || is[config.Error](err):
		return "correct the settings; `provision config validate` checks them, docs/configuration.md explains each"
	case is[*cloud.GuardError](err):
		return "`aws sts get-caller-identity` shows who you are, --profile and --regions choose others, and `guard:` in the " +
			"settings says what is allowed"
	}
	return ""
}

// inFile says whether one of the mistakes in what the user gave, if there are any, is in the settings' file.
func inFile(err error) bool {
	all, _ := errors.AsType[config.Errors](err)
	if one, ok := errors.AsType[config.Error](err); ok {
		all = append(all, one)
	}
	return len(all) == 0 || slices.ContainsFunc(all, func(e config.Error) bool {
		return e.Origin.Source != config.FromFlag && e.Origin.Source != config.FromEnv
	})
}

func nextForState(err error) string {
	switch {
	case is[*stack.ForeignError](err):
		return "`provision recover` rebuilds the state of that stack from its tags; if it has a state elsewhere, --state or `state:` in the " +
			"settings says where; or choose another --name"
	case is[*state.OwnersError](err):
		return "`provision recover --owner ULID` recovers the resources of one of them"
	case errors.Is(err, state.ErrNothing):
		return "check --name, --regions and the account; if all is gone, remove the state that is left over, if there is one, " +
			"and run `provision up`"
	case is[*state.CorruptError](err):
		return "`provision state history` lists earlier copies, `provision recover` rebuilds it from the existing resources"
	case is[*state.NewerError](err):
		return "use the newer program, `provision version` shows which one this is; or `provision recover` rebuilds the state " +
			"from what exists"
	case is[*state.IdentityError](err):
		if identity, _ := errors.AsType[*state.IdentityError](err); identity.OfSandbox() {
			return "`provision state show` shows its owner"
		}
		return "`aws sts get-caller-identity` shows who you are; --profile, --sandbox and --state choose others"
	case is[*state.UnwritableError](err):
		return "make that folder writable, or choose another path with --state"
	case is[*state.WriteError](err):
		return "free some space or grant write access, then run the same command again: it finds resources that are not in " +
			"the state by their tags"
	case is[*state.NoBucketError](err):
		missing, _ := errors.AsType[*state.NoBucketError](err)
		return "check the bucket's name, or create it with `provision state init s3://" + missing.Bucket + "`"
	case is[*state.LockedError](err):
		return "wait with --lock-timeout 30m; `provision state unlock` is for a run that is gone for good"
	case is[*state.LostError](err):
		return "run the same command again once the other run has ended; it finds new resources in the state or by their tags"
	case is[*stack.StalePlanError](err):
		return "`provision plan --out FILE` plans again; review that, then `provision up FILE`"
	case errors.Is(err, state.ErrStale):
		return GoOn
	}
	return ""
}

// nextForStack is for what is wrong with the stack itself.
func nextForStack(err error) string {
	if launch, ok := errors.AsType[*compute.LaunchError](err); ok {
		return launch.Next
	}
	if refresh, ok := errors.AsType[*compute.RefreshError](err); ok {
		return refresh.Next()
	}
	switch {
	case is[*graph.RefusedError](err):
		return "undo that setting, or `provision down` and `provision up` the region"
	case is[*graph.DuplicateError](err):
		return "`provision sweep` lists duplicates, and `provision sweep --delete` deletes those that are not in the state"
	case is[*graph.HeldError](err):
		return nextForHeld(err)
	case is[*graph.UnknownBlockerError](err):
		return "AWS's console shows what is in the VPC (VPC, Resource map); remove it, then run `provision down` again"
	case is[*stack.LeftError](err):
		return "`provision sweep` lists what carries the stack's tags; delete what provision does not with the tool that made it"
	case is[*stack.ElsewhereError](err):
		return "`provision recover` puts those regions into the state; then `provision down` removes them, and the role"
	case is[*stack.VerifyError](err) || is[*stack.UnhealthyError](err):
		return "`provision status` shows the health of the instances; their user data logs to /var/log/cloud-init-output.log"
	case is[*compute.ImageError](err):
		return "change compute.ami, or the setting that conflicts with it; `overrides` applies to one region"
	case is[*compute.OfferingError](err):
		return "set another compute.type, for this region under `overrides`"
	case is[*compute.ZonesError](err):
		zones, _ := errors.AsType[*compute.ZonesError](err)
		return zones.Next()
	}
	return ""
}

// nextForHeld names the commands that remove what holds it, where they are known.
func nextForHeld(err error) string {
	held, _ := errors.AsType[*graph.HeldError](err)
	next := "delete the resource that holds it, then run `provision down` again"
	if commands := held.Commands(); len(commands) > 0 {
		next = "remove what holds it, if that is right, then run `provision down` again: `" + strings.Join(commands, "`, `") + "`"
	}
	if slices.ContainsFunc(held.By, func(h graph.Blocker) bool { return strings.HasPrefix(h.Owner, network.GuardDuty) }) {
		next += "; or let `provision down --remove-guardduty-endpoint` remove GuardDuty's"
	}
	return next
}

// nextForWait is for operations that AWS did not finish, or that failed in AWS.
func nextForWait(err error) string {
	if is[*graph.NodeError](err) || errors.Is(err, context.DeadlineExceeded) {
		return GoOn
	}
	return ""
}
