package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
)

// alsoMarkdown marks commands that have their result in Markdown, too.
var alsoMarkdown = map[string]string{"output": markdown}

const markdown = "markdown"

// ownForms marks commands whose results have forms of their own; the first is what they are without --output.
const ownForms = "forms"

// formsOf are what a command's results can look like.
func formsOf(cmd *cobra.Command) []string {
	forms := []string{"table", "json", "yaml"}
	if own := cmd.Annotations[ownForms]; own != "" {
		forms = strings.Split(own, ",")
	}
	if also := cmd.Annotations["output"]; also != "" {
		forms = append(forms, also)
	}
	return forms
}

// checkOutput refuses a form that the command does not have.
func (f *flags) checkOutput(cmd *cobra.Command) error {
	forms := formsOf(cmd)
	if cmd.Annotations[ownForms] != "" && f.output == "table" {
		f.output = forms[0]
	}
	if !slices.Contains(forms, f.output) {
		return usageError{fmt.Errorf("--output: %q is none of %s", f.output, strings.Join(forms, ", "))}
	}
	return nil
}

// show prints a result as --output says: the document for programs, or what table writes for people.
func (f *flags) show(t terminal, document any, table func() error) error {
	return f.showAs(t, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(document)
	}, table)
}

// showAs is show for results that write themselves as JSON. YAML is the same document.
func (f *flags) showAs(t terminal, asJSON func(io.Writer) error, table func() error) error {
	switch f.output {
	case "json":
		return asJSON(t.out)
	case "yaml":
		var buffer bytes.Buffer
		if err := asJSON(&buffer); err != nil {
			return err
		}
		text, err := yaml.JSONToYAML(buffer.Bytes())
		if err != nil {
			return err
		}
		_, err = t.out.Write(text)
		return err
	}
	return table()
}
