// Command provision stands up a highly available web stack in many AWS regions at once.
//
// This package is flags, one call, and output: what a stack is belongs to pkg/stack, and what AWS is to the packages
// below it. Reading order: main.go, flags.go, session.go, then one file per command.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// gcPercent trades a little CPU for memory: a run waits for AWS most of the time, and many share a runner with others.
const gcPercent = 50

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}

// run is the whole program but for the process: tests call it as it is.
func run(args []string, in io.Reader, out, problems io.Writer, environ []string) int {
	return newTerminal(in, out, problems, environ).run(args)
}

func (t terminal) run(args []string) int {
	ctx, stop, ignore := untilSignal(context.Background(), t.err.Forward) // whose profile is not known yet
	defer ignore()
	t.stop = stop
	root := newRoot(t)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err)
	}
	return report(t.err, cmd.CommandPath(), err)
}

func newRoot(t terminal) *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:   "provision",
		Short: "A highly available web stack in many AWS regions at once",
		Long: "provision makes, shows, repairs and removes the same highly available web stack in many AWS regions at once:\n" +
			"a VPC over three zones, NAT gateways, a load balancer and an Auto Scaling group, through the AWS API and nothing between.",
		Example: "  provision up --sandbox --regions us-east-1,eu-west-1,ap-southeast-2\n" +
			"  provision status\n  provision down",
		Args: commandNeeded,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asked, _ := cmd.Flags().GetBool(versionFlag); asked {
				return showVersion(t, f)
			}
			newHelpFor(t.out).brief(cmd)
			return nil
		},
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			err := f.fromEnvironment(cmd)
			t.colours(f.noColor)
			t.stop.limit(f.timeout)
			return err
		},
	}
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { newHelpFor(t.out).whole(cmd) })
	f.addGlobal(root.PersistentFlags())
	root.Flags().Bool(versionFlag, false, "print the version")
	addCommands(root, t, f)
	return root
}
