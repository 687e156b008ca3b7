// Command provision stands up a highly available web stack in many AWS regions at once.
//
// This package is options, one call, and output: what a stack is belongs to pkg/stack, how it is opened to pkg/session, and
// how people are told to pkg/terminal. Reading order: main.go, common.go, up.go, then the other commands, one a file.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/session"
	"provision/pkg/terminal"
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
	return runOn(nil, args, terminal.New(in, out, problems, environ))
}

// runOn is run with a backend that answers the calls; nil: what the options say.
func runOn(backend *session.Backend, args []string, t terminal.Terminal) int {
	ctx, stop, ignore := terminal.UntilSignal(context.Background(), t.Err.Forward()) // whose colours are not known yet
	defer ignore()
	t.Stop = stop
	root := newRoot(t, &common{session: session.Options{Backend: backend}})
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err)
	}
	if err = withLost(err, t.Out.Lost()); err == nil {
		return ending.Done
	}
	return ending.Print(t.Err, cmd.CommandPath(), err)
}

// withLost adds the error of lost results. It then replaces the exit code for changes, since the user could not read
// which.
func withLost(err, lost error) error {
	if lost != nil && ending.Code(err) == ending.Changes {
		return lost
	}
	return errors.Join(err, lost)
}

func newRoot(t terminal.Terminal, c *common) *cobra.Command {
	root := &cobra.Command{
		Use:   "provision",
		Short: "A highly available web stack in many AWS regions at once",
		Long: "provision creates, shows, repairs and removes the same highly available web stack in many AWS regions at once:\n" +
			"a VPC over three zones, NAT gateways, a load balancer and an Auto Scaling group, through the AWS API and nothing between.",
		Example: "  provision up --sandbox --regions us-east-1,eu-west-1,ap-southeast-2\n" +
			"  provision status\n  provision down",
		Args: cli.CommandNeeded,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asked, _ := cmd.Flags().GetBool(versionFlag); asked {
				return showVersion(t, *c)
			}
			cli.NewHelp(t.Out).Brief(cmd)
			return nil
		},
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			err := c.parse(cmd)
			t.Colours(c.noColor)
			t.Stop.Limit(c.timeout)
			return err
		},
	}
	root.SetIn(t.In)
	root.SetOut(t.Out)
	root.SetErr(t.Err)
	root.SetFlagErrorFunc(cli.FlagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { cli.NewHelp(t.Out).Whole(cmd) })
	c.add(root.PersistentFlags())
	root.Flags().Bool(versionFlag, false, "print the version")
	addCommands(root, t, c)
	return root
}
