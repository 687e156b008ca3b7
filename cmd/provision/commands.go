package main

import "github.com/spf13/cobra"

// addCommands adds every command, in the order in which the help shows them.
func addCommands(root *cobra.Command, t terminal, f *flags) {
	cobra.EnableCommandSorting = false
	for _, group := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"stack", "The stack:", []*cobra.Command{newPlan(t, f), newUp(t, f), newStatus(t, f), newDown(t, f)}},
		{"repair", "Repair:", []*cobra.Command{newRecover(t, f), newSweep(t, f), newState(t, f)}},
		{"setup", "Settings and tools:", []*cobra.Command{newConfig(t, f), newSandbox(t, f), newVersion(t, f)}},
	} {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, cmd := range group.commands {
			cmd.GroupID = group.id
			root.AddCommand(cmd)
		}
	}
	addCompletion(root)
	root.SetCompletionCommandGroupID("setup")
	root.SetHelpCommandGroupID("setup")
}
