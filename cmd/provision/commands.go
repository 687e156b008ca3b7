package main

import "github.com/spf13/cobra"

// The order is one for the whole process, which tests run many commands in side by side.
func init() { cobra.EnableCommandSorting = false }

// addCommands adds every command, in the order in which the help shows them.
func addCommands(root *cobra.Command, t terminal, f *flags) {
	for _, group := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"stack", "The stack:", []*cobra.Command{newCheck(t, f), newPlan(t, f), newUp(t, f), newStatus(t, f), newDiagram(t, f), newConnect(t, f), newDown(t, f)}},
		{"repair", "Repair:", []*cobra.Command{newRecover(t, f), newSweep(t, f), newState(t, f)}},
		{"setup", "Settings and tools:", []*cobra.Command{newConfig(t, f), newIAM(t, f), newSandbox(t, f), newVersion(t, f)}},
	} {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, cmd := range group.commands {
			cmd.GroupID = group.id
			root.AddCommand(cmd)
		}
	}
	addCompletion(root, f)
	root.SetCompletionCommandGroupID("setup")
	root.SetHelpCommandGroupID("setup")
	root.SetHelpCommand(newHelp())
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = commandNeeded, showHelp
	}
	if bash, _, err := root.Find([]string{"completion", "bash"}); err == nil {
		standAlone(bash, t.out)
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
