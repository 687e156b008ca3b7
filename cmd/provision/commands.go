package main

import (
	"context"

	"github.com/spf13/cobra"

	"provision/pkg/terminal"
)

// The order is one for the whole process, which tests run many commands in side by side.
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
	root.SetHelpCommand(newHelp())
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = commandNeeded, showHelp
	}
	if bash, _, err := root.Find([]string{"completion", "bash"}); err == nil {
		standAlone(bash, t.Out)
	}
}

// newHelp is cobra's own, but for a topic that does not exist, which it takes for success.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show what a command does, with examples",
		RunE: func(cmd *cobra.Command, words []string) error {
			about, rest, err := cmd.Root().Find(words)
			if err != nil || len(rest) > 0 {
				return commandNeeded(about, words[len(words)-len(rest):])
			}
			return about.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, words []string, _ string) ([]string, cobra.ShellCompDirective) {
			about, rest, err := cmd.Root().Find(words)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, sub := range about.Commands() {
				if sub.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}
