package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/safefile"
	"provision/pkg/session"
	"provision/pkg/stack"
	"provision/pkg/terminal"
	"provision/pkg/ui/diagram"
)

// drawings are the forms of a diagram.
var drawings = map[terminal.Form]func(io.Writer, diagram.Picture) error{
	"html": diagram.HTML, "svg": diagram.SVG, "mermaid": diagram.Mermaid, "dot": diagram.DOT,
}

// diagramOptions are what `diagram` takes.
type diagramOptions struct {
	common

	out   string
	serve bool
	port  int
	every time.Duration

	file  string       // of the plan
	saved *stack.Saved // nil: what differs from the settings is marked
}

func newDiagram(t terminal.Terminal, c *common, run command[diagramOptions]) *cobra.Command {
	o := diagramOptions{every: 5 * time.Second}
	cmd := &cobra.Command{
		Use:   "diagram [PLANFILE]",
		Short: "Draw the stack: its resources, the routes in and out, its health",
		Long: "diagram reads AWS as status does, and draws it: regions, zones, subnets and their contents, the routes of requests\n" +
			"and of the instances' downloads, the phase and health of each resource, and each difference from the settings.\n" +
			"The page is one file that needs no network; it works with the keyboard, in print, and on light and dark.\n\n" +
			"With a file that plan --out wrote, it marks what that plan creates, updates, replaces and deletes, or draws\n" +
			"nothing if anything has changed since: the drawing shows what up does with the file.\n\n" +
			"With --serve the page updates itself: it is served on this machine only, under a random path, and can\n" +
			"only be read. Open it next to an `up`. Only one process at a time can use the sandbox's file: to watch that, run\n" +
			"`provision sandbox serve` and give both commands its --endpoint-url.",
		Example: "  provision diagram --out stack.html\n  provision diagram -o svg > stack.svg\n  provision diagram -o mermaid\n" +
			"  provision diagram -o dot | dot -Tpdf > stack.pdf\n  provision diagram --serve\n" +
			"  provision plan --out plan.json && provision diagram plan.json --out plan.html",
		Args: cli.AtMostOne("a saved plan"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := o.parsed(*c, cmd, args)
			if err != nil {
				return err
			}
			return run(cmd.Context(), t, o)
		},
		Annotations: map[string]string{ownForms: "html,svg,mermaid,dot"},
	}
	cmd.Flags().StringVar(&o.out, "out", "", "write to this file instead of stdout; without -o its extension sets the format")
	cmd.Flags().BoolVar(&o.serve, "serve", false, "serve the page on 127.0.0.1, and refresh it, until Ctrl-C")
	cmd.Flags().IntVar(&o.port, "port", 0, "with --serve: the port (default: a free one)")
	cmd.Flags().DurationVar(&o.every, "every", o.every, "with --serve: how often to refresh")
	return cmd
}

// drawingOf is the form that a file's name asks for.
func drawingOf(path string) (terminal.Form, error) {
	switch extension := strings.ToLower(filepath.Ext(path)); extension {
	case "", ".html", ".htm":
		return "html", nil
	case ".svg":
		return "svg", nil
	case ".mmd", ".mermaid":
		return "mermaid", nil
	case ".dot", ".gv":
		return "dot", nil
	default:
		return "", ending.Usagef("--out: you can't draw a %s; use .html, .svg, .mmd or .dot, or choose the format with -o", extension)
	}
}

// parsed are the options of this command line, checked.
func (o diagramOptions) parsed(c common, cmd *cobra.Command, args []string) (_ diagramOptions, err error) {
	o.common = c
	if !cmd.Flags().Changed("output") && o.out != "" {
		if o.form, err = drawingOf(o.out); err != nil {
			return o, err
		}
	}
	if len(args) > 0 {
		o.file = args[0]
		if o.saved, o.settings, err = o.settings.withPlan(cmd, o.file, ""); err != nil {
			return o, err
		}
		o.session.Run.RefreshAMI = o.saved.RefreshAMI
	}
	if o.every <= 0 {
		return o, ending.Usagef("--every must be above 0")
	}
	if err := cli.CheckPort(o.port); err != nil {
		return o, err
	}
	switch {
	case o.serve && o.saved != nil:
		return o, ending.Usagef("--serve and a saved plan exclude each other: a plan does not change")
	case o.serve && o.out != "":
		return o, ending.Usagef("--serve and --out exclude each other: a served page is not written to a file")
	}
	return o, terminal.CheckWritable("--out", o.out, diagramKind)
}

// diagramKind is how a diagram is told from other files: it is written over one of its kind only.
var diagramKind = safefile.Kind{Name: "a diagram", Known: func(head []byte) bool {
	text := strings.ToLower(string(head))
	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<svg") || strings.HasPrefix(text, "digraph") ||
		strings.HasPrefix(text, "---\ntitle: ") && strings.Contains(text, "flowchart") // Mermaid's
}}

func runDiagram(ctx context.Context, t terminal.Terminal, o diagramOptions) (err error) {
	cfg, err := o.settings.told(t).forStack()
	if err != nil {
		return err
	}
	s, err := open(ctx, t, o.common, cfg, session.Purpose{Command: "diagram", Regions: session.Present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	ctx, stop := s.Bound(ctx)
	defer stop()
	if o.serve {
		return s.serveDiagram(ctx, t, o)
	}

	found := s.Stack.Status(ctx)
	picture, err := s.pictureFor(found, o)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := drawings[o.form](&text, picture); err != nil {
		return err
	}
	if o.out == "" {
		return errors.Join(t.Out.Raw(text.Bytes()), found.Err())
	}
	if err := safefile.Replace(o.out, text.Bytes(), diagramKind); err != nil {
		return fmt.Errorf("write the diagram: %w", err)
	}
	t.Notef("%s is written.", o.out)
	return found.Err()
}

// pictureFor is the picture of what was found, or of a saved plan that is still true of it.
func (s *opened) pictureFor(found *stack.Status, o diagramOptions) (diagram.Picture, error) {
	if o.saved == nil {
		return s.picture(found), nil
	}
	if err := s.same(o.saved, found.Plan); err != nil {
		return diagram.Picture{}, err
	}
	return diagram.BuildPlan(s.Config.Name, found, s.Backend.Clock.Now(), o.file, *o.saved), nil
}

func (s *opened) picture(found *stack.Status) diagram.Picture {
	return diagram.Build(s.Config.Name, found, s.Backend.Clock.Now())
}
