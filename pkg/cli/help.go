package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/ui/paint"
)

// The greatest width of help, since longer lines are hard to read, and its width where stdout is no terminal.
const (
	widestHelp = 100
	helpWidth  = 80
)

// Help describes a command, as wide as the terminal is. Only the root lists the global flags: with every other command
// they would hide its own.
type Help struct {
	out   io.Writer
	width int
}

// NewHelp is help for a writer that may be a terminal.
func NewHelp(out io.Writer) Help {
	h := Help{out: out, width: helpWidth}
	if width := paint.Width(out); width > 0 {
		h.width = min(width, widestHelp)
	}
	return h
}

// Whole is the help of `provision help COMMAND` and of --help.
func (h Help) Whole(cmd *cobra.Command) {
	h.about(cmd)
	h.heading("\nUsage:")
	if cmd.HasParent() && cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		fmt.Fprintln(h.out, "  "+cmd.UseLine())
	} else {
		fmt.Fprintln(h.out, "  "+cmd.CommandPath()+" COMMAND [flags]")
	}
	if cmd.HasExample() {
		h.heading("\nExamples:")
		fmt.Fprintln(h.out, cmd.Example)
	}
	h.commands(cmd, "\n")
	if flags := strings.TrimRight(cmd.NonInheritedFlags().FlagUsagesWrapped(h.width), "\n "); flags != "" {
		h.heading("\nFlags:")
		fmt.Fprintln(h.out, flags)
	}
	if cmd.HasParent() {
		fmt.Fprintln(h.out)
		h.paragraph("`provision --help` lists the flags of all commands: --regions, --name, --file, " +
			"--state, --profile, --sandbox and more.")
	}
}

// Brief is what the program says without arguments: all commands on one screen.
func (h Help) Brief(root *cobra.Command) {
	fmt.Fprintln(h.out, root.Short)
	h.commands(root, "")
	fmt.Fprintln(h.out)
	h.paragraph("`provision help COMMAND` shows more; `provision --help` lists the global flags.")
	h.paragraph("To try it: provision up --sandbox --regions us-east-1,eu-west-1")
}

func (h Help) about(cmd *cobra.Command) {
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			fmt.Fprintln(h.out)
		}
		if command, ok := strings.CutPrefix(paragraph, "\t"); ok { // to be copied as it is
			fmt.Fprintln(h.out, "  "+command)
			continue
		}
		h.paragraph(strings.TrimPrefix(paragraph, "#### "))
	}
}

func (h Help) paragraph(text string) { h.wrap("", text) }

// wrap breaks a text into lines, behind a label that indents the further ones. Words stay whole: commands that people
// copy have hyphens.
func (h Help) wrap(label, text string) {
	line, indent := label, strings.Repeat(" ", len(label))
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case len(line)+1+len(word) > h.width:
			fmt.Fprintln(h.out, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	fmt.Fprintln(h.out, line)
}

// heading is a title in bold, after the blank lines in front of it.
func (h Help) heading(text string) {
	title := strings.TrimLeft(text, "\n")
	fmt.Fprintln(h.out, text[:len(text)-len(title)]+paint.Bold.Render(title))
}

func (h Help) commands(cmd *cobra.Command, above string) {
	if len(cmd.Groups()) == 0 && cmd.HasAvailableSubCommands() {
		h.list(cmd, above+"Commands:", "")
	}
	for _, group := range cmd.Groups() {
		h.list(cmd, above+group.Title, group.ID)
	}
}

func (h Help) list(cmd *cobra.Command, title, group string) {
	h.heading(title)
	for _, sub := range cmd.Commands() {
		if sub.GroupID == group && (sub.IsAvailableCommand() || sub.Name() == "help") {
			h.wrap(fmt.Sprintf("  %-*s ", sub.NamePadding(), sub.Name()), sub.Short)
		}
	}
}
