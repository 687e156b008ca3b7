package main

import (
	"context"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/terminal"
)

// The order is one for the whole process, in which tests run many commands in parallel.
func init() { cobra.EnableCommandSorting = false }

// command does what a command line asks, once it is parsed into the command's options.
type command[Options any] func(context.Context, terminal.Terminal, Options) error

// addCommands adds every command, in the order in which the help shows them.
func addCommands(root *cobra.Command, t terminal.Terminal, c *common) {
	for _, group := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"stack", "The stack:", []*cobra.Command{
			newCheck(t, c, runCheck), newPlan(t, c, runPlan), newUp(t, c, runUp), newStatus(t, c, runStatus),
			newDiagram(t, c, runDiagram), newConnect(t, c, runConnect), newDown(t, c, runDown),
		}},
		{"repair", "Repair:", []*cobra.Command{newRecover(t, c, runRecover), newSweep(t, c, runSweep), newState(t, c)}},
		{"setup", "Settings and tools:", []*cobra.Command{newConfig(t, c), newIAM(t, c), newSandbox(t, c), newVersion(t, c)}},
	} {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, cmd := range group.commands {
			cmd.GroupID = group.id
			root.AddCommand(cmd)
		}
	}
	addCompletion(root, c)
	root.SetCompletionCommandGroupID("setup")
	root.SetHelpCommandGroupID("setup")
	root.SetHelpCommand(cli.HelpCommand())
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = cli.CommandNeeded, cli.ShowHelp
	}
	if bash, _, err := root.Find([]string{"completion", "bash"}); err == nil {
		cli.StandAlone(bash, t.Out)
	}
}
