package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/config"
)

// CompleteRegions is for arguments that are one region each.
func CompleteRegions(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return without(config.KnownRegions(), args), cobra.ShellCompDirectiveNoFileComp
}

// CompleteRegionList is for regions that are separated by commas.
func CompleteRegionList(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return CompleteList(config.KnownRegions(), typed)
}

// CompleteList is for values of the list that are separated by commas, each once.
func CompleteList(names []string, typed string) ([]string, cobra.ShellCompDirective) {
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

// CompleteProfiles are the sections of the AWS configuration.
func CompleteProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
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
