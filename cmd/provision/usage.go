package main

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

// noArguments refuses what nobody would read.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return ending.Usagef("%q takes no argument, but got %q%s", cmd.CommandPath(), args,
			cmp.Or(meantRegions(args), valueApart(cmd, args[0])))
	}
	return nil
}

// meantRegions is for regions without the flag that they belong to.
func meantRegions(args []string) string {
	all := strings.Join(args, ",")
	for region := range strings.SplitSeq(all, ",") {
		if !slices.Contains(config.KnownRegions(), region) {
			return ""
		}
	}
	return fmt.Sprintf("; did you mean --regions %s?", all)
}

// checkEndpoint finds what the SDK would only say with the first call, in words of its own.
func checkEndpoint(text string) error {
	at, err := url.Parse(text)
	if text != "" && (err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https") {
		return ending.Usagef("--endpoint-url: %q is no URL that begins with http:// or https://", text)
	}
	return nil
}

func checkPort(port int) error {
	if port < 0 || port > math.MaxUint16 {
		return ending.Usagef("--port: %d is not from 0 to %d", port, math.MaxUint16)
	}
	return nil
}

// valueApart is for a flag that may go without a value, and was given one as if it may not.
func valueApart(cmd *cobra.Command, value string) (hint string) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.NoOptDefVal != "" && flag.Value.Type() != "bool" {
			hint = fmt.Sprintf("; did you mean --%s=%s?", flag.Name, withUnit(value))
		}
	})
	return hint
}

// oneArgument is for commands that can't do without; what names it in the message.
func oneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return ending.Usagef("%q takes %s, and nothing else, but got %q", cmd.CommandPath(), what, args)
		}
		return nil
	}
}

// atMostOneArgument is for commands that know what to do without.
func atMostOneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return ending.Usagef("%q takes at most %s, but got %q%s", cmd.CommandPath(), what, args, meantRegions(args))
		}
		return nil
	}
}

// commandNeeded is for commands that only hold others: an argument of theirs is a command that does not exist.
func commandNeeded(cmd *cobra.Command, args []string) error {
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

// showHelp is what commands do that only hold others.
func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// flagError adds the flag or the value that was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return ending.Usagef("--%s: %w", wrong.GetFlag().Name, wrongValue(err))
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

// checkRegion refuses a name that no region has.
func checkRegion(region string) error {
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
