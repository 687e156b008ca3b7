package cli

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/pkg/config"
	"provision/pkg/ending"
)

// NoArguments is for commands that take flags only.
func NoArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return ending.Usagef("%q takes no argument, but got %q%s", cmd.CommandPath(), args,
			cmp.Or(MeantRegions(args), valueApart(cmd, args[0])))
	}
	return nil
}

// MeantRegions is a hint if the arguments are regions without the flag that they belong to.
func MeantRegions(args []string) string {
	all := strings.Join(args, ",")
	for region := range strings.SplitSeq(all, ",") {
		if !slices.Contains(config.KnownRegions(), region) {
			return ""
		}
	}
	return fmt.Sprintf("; did you mean --regions %s?", all)
}

// CheckEndpoint finds what the SDK would report only with the first call, in words of its own.
func CheckEndpoint(text string) error {
	at, err := url.Parse(text)
	if text != "" && (err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https") {
		return ending.Usagef("--endpoint-url: %q is not a URL that starts with http:// or https://", text)
	}
	return nil
}

// CheckPort refuses a number that no port has.
func CheckPort(port int) error {
	if port < 0 || port > math.MaxUint16 {
		return ending.Usagef("--port: %d is not from 0 to %d", port, math.MaxUint16)
	}
	return nil
}

// valueApart is the hint for a flag with an optional value that was passed as a word of its own.
func valueApart(cmd *cobra.Command, value string) (hint string) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.NoOptDefVal != "" && flag.Value.Type() != "bool" {
			hint = fmt.Sprintf("; did you mean --%s=%s?", flag.Name, withUnit(value))
		}
	})
	return hint
}

// One is for commands that need exactly one argument, which the message names.
func One(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return ending.Usagef("%q takes %s, and nothing else, but got %q", cmd.CommandPath(), what, args)
		}
		return nil
	}
}

// AtMostOne is for commands that can do without their argument.
func AtMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return ending.Usagef("%q takes at most %s, but got %q%s", cmd.CommandPath(), what, args, MeantRegions(args))
		}
		return nil
	}
}

// CommandNeeded is for commands that only hold others: an argument of theirs is a command that does not exist.
func CommandNeeded(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
		if slices.Contains(sub.SuggestFor, args[0]) {
			return unknown("command", args[0], fmt.Sprintf("did you mean %q?", sub.Name()))
		}
	}
	return unknown("command", args[0], config.DidYouMean(args[0], names))
}

// ShowHelp is what commands do that only hold others.
func ShowHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// FlagError adds the flag or the value that was probably meant.
func FlagError(cmd *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return ending.Usagef("--%s: %w", wrong.GetFlag().Name, WrongValue(err))
	}
	missing, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || missing.GetSpecifiedShortnames() != "" {
		return ending.UsageError{Err: err}
	}
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden {
			names = append(names, "--"+flag.Name)
		}
	})
	name := "--" + missing.GetSpecifiedName()
	return unknown("flag", name, config.DidYouMean(name, names))
}

// CheckRegion refuses a name that no region has.
func CheckRegion(region string) error {
	if known := config.KnownRegions(); !slices.Contains(known, region) {
		return unknown("region", region, config.DidYouMean(region, known))
	}
	return nil
}

func unknown(what, name, hint string) error {
	if hint != "" {
		hint = "; " + hint
	}
	return ending.Usagef("unknown %s %q%s", what, name, hint)
}
