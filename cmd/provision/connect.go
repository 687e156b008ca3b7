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

	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui"
)

func newConnect(t terminal, f *flags) *cobra.Command {
	region := ""
	cmd := &cobra.Command{
		Use:   "connect [INSTANCE]",
		Short: "Open a shell on an instance: no key, no open port",
		Long: "connect lists the stack's instances and opens a shell on the one that is named or chosen; with --region on the\n" +
			"first one there that can be reached. It needs AWS's session-manager-plugin on this machine.",
		Example: "  provision connect\n  provision connect i-0abc1234def567890\n  provision connect --region eu-west-1",
		Args:    atMostOneArgument("one instance's ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return connect(cmd.Context(), t, f, region, strings.Join(args, ""))
		},
	}
	cmd.Flags().StringVar(&region, "region", "", "take the first instance of this region that can be reached")
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("region", completeRegions))
	return cmd
}

func connect(ctx context.Context, t terminal, f *flags, region, instance string) (err error) {
	regions := f.present
	if region != "" {
		if err := checkRegion(region); err != nil {
			return err
		}
		regions = func(*config.Config, state.Document) ([]string, error) { return []string{region}, nil }
	}
	s, err := open(ctx, t, f, purpose{command: "connect", regions: regions})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	nodes, err := s.stack.Nodes(ctx)
	if err != nil {
		return err
	}
	if len(nodes) == 0 {
		return fmt.Errorf("the stack %s has no instance in %s", s.config.Name, strings.Join(s.stack.Regions, ", "))
	}
	if region == "" && instance == "" {
		if err := f.show(t, ui.Nodes(nodes), func() error { ui.NodeTable(t.out, nodes); return nil }); err != nil {
			return err
		}
		if instance, err = t.chooseNode(nodes); err != nil || instance == "" {
			return err
		}
	}
	node, err := nodeOf(nodes, instance)
	if err != nil {
		return err
	}
	return s.openShell(ctx, t, f, node)
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
	return stack.Node{}, usageError{&unknownInstanceError{instance, ids}}
}

// unknownInstanceError is that what was named is not the stack's.
type unknownInstanceError struct {
	instance string
	known    []string
}

func (e *unknownInstanceError) Error() string {
	return fmt.Sprintf("%s is not one of the stack's instances: %s", e.instance, strings.Join(e.known, ", "))
}

// chooseNode asks for the number of one, if there is somebody to ask.
func (t terminal) chooseNode(nodes []stack.Node) (string, error) {
	if !t.attended() {
		fmt.Fprintf(t.err, "`provision connect %s` opens a shell.\n", nodes[0].Member.ID)
		return "", nil
	}
	fmt.Fprintf(t.err, "Number of the instance [1]: ")
	text, err := bufio.NewReader(t.in).ReadString('\n')
	if err != nil {
		return "", errDeclined
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return nodes[0].Member.ID, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > len(nodes) {
		return "", usageError{fmt.Errorf("%q is no number from 1 to %d", text, len(nodes))}
	}
	return nodes[n-1].Member.ID, nil
}

func (s *session) openShell(ctx context.Context, t terminal, f *flags, node stack.Node) error {
	if s.backend.sandbox != nil {
		return refusedError{fmt.Errorf("%s exists in the sandbox only: there is no machine, and so no shell", node.Member.ID)}
	}
	plugin, err := findPlugin()
	if err != nil {
		return &noPluginError{instance: node.Member.ID, region: node.Region, profile: f.profile}
	}
	session, err := compute.StartSession(ctx, s.cloud.Region(node.Region).SSM, node.Member.ID)
	if err != nil {
		return err
	}
	return plugin.run(t, session, shellTarget{
		instance: node.Member.ID, region: node.Region, profile: f.profile, endpoint: s.cloud.Custom(),
	})
}
