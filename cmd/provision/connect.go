package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/compute"
	"provision/pkg/ending"
	"provision/pkg/session"
	"provision/pkg/shell"
	"provision/pkg/stack"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// connectOptions are what `connect` takes.
type connectOptions struct {
	common
	region   string // empty: those of the stack
	instance string // empty: the user chooses, or the first of the region
}

func newConnect(t terminal.Terminal, c *common, run command[connectOptions]) *cobra.Command {
	o := connectOptions{}
	cmd := &cobra.Command{
		Use:   "connect [INSTANCE]",
		Short: "Open a shell on an instance: no key, no open port",
		Long: "connect lists the stack's instances and opens a shell on the one that you name or choose; with --region on the\n" +
			"first one there that can be reached. It needs AWS's session-manager-plugin on this machine.",
		Example: "  provision connect\n  provision connect i-0abc1234def567890\n  provision connect --region eu-west-1",
		Args:    cli.AtMostOne("one instance's ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := o
			o.common, o.instance = *c, strings.Join(args, "")
			if o.region != "" {
				if err := cli.CheckRegion(o.region); err != nil {
					return err
				}
			}
			return run(cmd.Context(), t, o)
		},
	}
	cmd.Flags().StringVar(&o.region, "region", "", "use the first instance of this region that can be reached")
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("region", cli.CompleteRegions))
	return cmd
}

func runConnect(ctx context.Context, t terminal.Terminal, o connectOptions) (err error) {
	cfg, err := o.settings.told(t).ofPresent().forStack()
	if err != nil {
		return err
	}
	regions := session.Present
	if o.region != "" {
		regions = session.Only(o.region)
	}
	s, err := open(ctx, t, o.common, cfg, session.Purpose{Command: "connect", Regions: regions})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	nodes, err := s.Stack.Nodes(ctx)
	if err != nil {
		return err
	}
	if len(nodes) == 0 {
		return fmt.Errorf("the stack %s has no instance in %s", cfg.Name, strings.Join(s.Stack.Regions, ", "))
	}
	if o.region == "" && o.instance == "" {
		if err := t.Show(o.form, ui.Nodes(nodes), func() error { ui.NodeTable(t.Out, nodes); return nil }); err != nil {
			return err
		}
		if o.instance, err = chooseNode(t, nodes); err != nil || o.instance == "" {
			return err
		}
	}
	node, err := nodeOf(nodes, o.instance)
	if err != nil {
		return err
	}
	return s.openShell(ctx, t, node, o.session.AWS.Profile)
}

// nodeOf is the instance that was named, or the first that can be reached.
func nodeOf(nodes []stack.Node, instance string) (stack.Node, error) {
	i := slices.IndexFunc(nodes, func(n stack.Node) bool {
		return n.Member.ID == instance || instance == "" && n.Reachable
	})
	if i >= 0 {
		return nodes[i], nil
	}
	if instance == "" {
		return stack.Node{}, fmt.Errorf("%s: none of %d instances reports to Session Manager yet; `provision status` shows "+
			"their health", nodes[0].Region, len(nodes))
	}
	var ids []string
	for _, n := range nodes {
		ids = append(ids, n.Member.ID)
	}
	return stack.Node{}, ending.UsageError{Err: &unknownInstanceError{instance, ids}}
}

// unknownInstanceError says that the instance that was named is not the stack's.
type unknownInstanceError struct {
	instance string
	known    []string
}

func (e *unknownInstanceError) Error() string {
	return fmt.Sprintf("%s is not one of the stack's instances: %s", e.instance, strings.Join(e.known, ", "))
}

// NextStep implements [ending.Advisor].
func (*unknownInstanceError) NextStep() string { return "`provision connect` lists them" }

// chooseNode asks for the number of an instance, if a user is there to answer.
func chooseNode(t terminal.Terminal, nodes []stack.Node) (string, error) {
	if !t.Attended() {
		fmt.Fprintf(t.Err, "`provision connect %s` opens a shell.\n", nodes[0].Member.ID)
		return "", nil
	}
	fmt.Fprintf(t.Err, "Number of the instance [1]: ")
	text, err := bufio.NewReader(t.In).ReadString('\n')
	if err != nil {
		return "", ending.ErrDeclined
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return nodes[0].Member.ID, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > len(nodes) {
		return "", ending.Usagef("%q is no number from 1 to %d", text, len(nodes))
	}
	return nodes[n-1].Member.ID, nil
}

func (s *opened) openShell(ctx context.Context, t terminal.Terminal, node stack.Node, profile string) error {
	if s.Backend.Sandbox != nil {
		return ending.Refusedf("%s exists in the sandbox only: there is no machine, and so no shell", node.Member.ID)
	}
	to := shell.Target{Instance: node.Member.ID, Region: node.Region, Profile: profile, Endpoint: s.Cloud.Custom()}
	plugin, err := shell.FindPlugin()
	if err != nil {
		return &shell.NoPluginError{Target: to}
	}
	started, err := compute.StartSession(ctx, s.Cloud.Region(node.Region).SSM, node.Member.ID)
	if err != nil {
		return err
	}
	return plugin.Run(ctx, t, started, to)
}
