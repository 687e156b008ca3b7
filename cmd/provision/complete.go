package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/config"
	"provision/pkg/session"
	"provision/pkg/state"
	"provision/pkg/terminal"
)

// Shell completion reads from this machine only: a key press makes no call.

// addCompletion gives the global flags values to choose from.
func addCompletion(root *cobra.Command, c *common) {
	for flag, complete := range map[string]cobra.CompletionFunc{
		"regions":   completeRegionList,
		"targets":   c.completeTargets,
		"name":      completeStacks,
		"output":    completeForms,
		"progress":  cobra.FixedCompletions(terminal.Modes, cobra.ShellCompDirectiveNoFileComp),
		"profile":   completeProfiles,
		"log-level": cobra.FixedCompletions(session.LogLevels, cobra.ShellCompDirectiveNoFileComp),
		"file":      cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt),
	} {
		cobra.CheckErr(root.RegisterFlagCompletionFunc(flag, complete))
	}
}

func completeForms(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return formsOf(cmd), cobra.ShellCompDirectiveNoFileComp
}

// completeRegions is for arguments that are one region each.
func completeRegions(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return without(config.KnownRegions(), args), cobra.ShellCompDirectiveNoFileComp
}

// completeRegionList is for regions that are separated by commas.
func completeRegionList(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return completeList(config.KnownRegions(), typed)
}

// completeTargets is for the targets of the settings, separated by commas.
func (c *common) completeTargets(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	file, err := c.settings.load()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeList(file.Targets, typed)
}

func completeList(names []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := ""
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before = typed[:i+1]
	}
	var all []string
	for _, name := range without(names, strings.Split(before, ",")) {
		all = append(all, before+name)
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

func without(all, taken []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(taken, one) })
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

// completeProfiles are the sections of the AWS configuration.
func completeProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	path := os.Getenv("AWS_CONFIG_FILE")
	if home, err := os.UserHomeDir(); path == "" && err == nil {
		path = filepath.Join(home, ".aws", "config")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		section, ok := strings.CutPrefix(strings.TrimSpace(line), "[")
		if name := strings.TrimPrefix(strings.TrimSuffix(section, "]"), "profile "); ok && !strings.Contains(name, " ") {
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
