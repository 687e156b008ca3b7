package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/terminal"
)

// How commands say in what forms they have their results, other than as table, JSON and YAML.
const (
	alsoForm = "output" // one more
	ownForms = "forms"  // others; the first is what results are in without --output
)

var (
	alsoMarkdown = map[string]string{alsoForm: string(terminal.Markdown)}
	alsoWide     = map[string]string{alsoForm: string(terminal.Wide)}
)

// formsOf are what a command's results can look like.
func formsOf(cmd *cobra.Command) []string {
	forms := []string{string(terminal.Table), string(terminal.JSON), string(terminal.YAML)}
	if own := cmd.Annotations[ownForms]; own != "" {
		forms = strings.Split(own, ",")
	}
	if also := cmd.Annotations[alsoForm]; also != "" {
		forms = append(forms, also)
	}
	return forms
}

// checkForm refuses a form that the command does not have.
func (c *common) checkForm(cmd *cobra.Command) error {
	forms := formsOf(cmd)
	if cmd.Annotations[ownForms] != "" && c.form == terminal.Table {
		c.form = terminal.Form(forms[0])
	}
	if !slices.Contains(forms, string(c.form)) {
		return ending.Usagef("--output must be %s, not %q", config.OneOf(forms), c.form)
	}
	return nil
}
