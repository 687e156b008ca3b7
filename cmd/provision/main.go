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

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}

// run is the whole program but for the process: tests call it as it is.
func run(args []string, in io.Reader, out, problems io.Writer, environ []string) int {
	ctx, stop := untilSignal(context.Background())
	defer stop()
	t := terminal{in: in, out: colorprofile.NewWriter(out, environ), err: colorprofile.NewWriter(problems, environ)}
	root := newRoot(t)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err)
	}
	return report(t.err, err)
}

// terminal is where a command reads and writes: results on out, progress and errors on err.
type terminal struct {
	in  io.Reader
	out *colorprofile.Writer
	err *colorprofile.Writer
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
		Args:              commandNeeded,
		RunE:              showHelp,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return f.fromEnvironment(cmd) },
	}
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	root.SetFlagErrorFunc(flagError)
	f.addGlobal(root.PersistentFlags())
	addCommands(root, t, f)
	return root
}
