package main

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/session"
	"provision/pkg/state"
	"provision/pkg/terminal"
)

// Shell completion reads from this machine only: a key press makes no call.

// addCompletion gives the global flags values to choose from.
func addCompletion(root *cobra.Command, c *common) {
	for flag, complete := range map[string]cobra.CompletionFunc{
		"regions":   cli.CompleteRegionList,
		"targets":   c.completeTargets,
		"name":      completeStacks,
		"output":    completeForms,
		"progress":  cobra.FixedCompletions(terminal.Modes, cobra.ShellCompDirectiveNoFileComp),
		"profile":   cli.CompleteProfiles,
		"log-level": cobra.FixedCompletions(session.LogLevels, cobra.ShellCompDirectiveNoFileComp),
		"file":      cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt),
	} {
		cobra.CheckErr(root.RegisterFlagCompletionFunc(flag, complete))
	}
}

func completeForms(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return formsOf(cmd), cobra.ShellCompDirectiveNoFileComp
}

// completeTargets is for the targets of the settings, separated by commas.
func (c *common) completeTargets(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	file, err := c.settings.load()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return cli.CompleteList(file.Targets, typed)
}

// completeStacks are the stacks that have a state here.
func completeStacks(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	paths, err := filepath.Glob(state.DefaultPath("*"))
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if name != "sandbox" {
			names = append(names, name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// localState is the state that a completion may read: one that is kept in a file.
func (c *common) localState() (*state.Local, bool) {
	cfg, err := c.settings.forStack()
	if err != nil || cfg.State.S3 != "" {
		return nil, false
	}
	return state.NewLocal(cfg.State.Path, state.Options{}), true
}

// completeKeys are the keys of the resources that the state knows.
func (c *common) completeKeys(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	store, ok := c.localState()
	if !ok || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	d, err := store.Load(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var keys []string
	for _, region := range d.Regions {
		for key := range region.Resources {
			keys = append(keys, string(key))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), cobra.ShellCompDirectiveNoFileComp
}

// completeVersions are those that `state history` lists.
func (c *common) completeVersions(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	store, ok := c.localState()
	if !ok || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	versions, err := store.History(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	for _, version := range versions {
		ids = append(ids, version.ID)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
