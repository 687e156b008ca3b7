package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"provision/pkg/stack"
	"provision/pkg/ui/diagram"
)

// drawings are the forms of a diagram.
var drawings = map[string]func(io.Writer, diagram.Picture) error{
	"html": diagram.HTML, "svg": diagram.SVG, "mermaid": diagram.Mermaid, "dot": diagram.DOT,
}

// diagramFlags are those of `diagram` alone.
type diagramFlags struct {
	out   string
	serve bool
	port  int
	every time.Duration

	file  string       // of the plan
	saved *stack.Saved // nil: what differs from the settings is marked
}

func newDiagram(t terminal, f *flags) *cobra.Command {
	d := diagramFlags{every: 5 * time.Second}
	cmd := &cobra.Command{
		Use:   "diagram [PLANFILE]",
		Short: "Draw the stack: what is in what, the ways in and out, its health",
		Long: "diagram reads AWS as status does, and draws it: regions, zones, subnets and what is in them, the ways of requests\n" +
			"and of what the instances fetch, the phase and health of everything, and each difference from the settings.\n" +
			"The page is one file that needs no network; it works with the keyboard, in print, and on light and dark.\n\n" +
			"With a file that plan --out wrote, it marks what that plan makes, changes, replaces and removes, or draws\n" +
			"nothing if anything moved: what is drawn is what up does with the file.\n\n" +
			"With --serve the page moves: it is served on this machine only, under a path that nobody can guess, and can\n" +
			"only be read. Open it beside an `up`. The sandbox in a file is one process's at a time: to watch that, run\n" +
			"`provision sandbox serve` and give both commands its --endpoint-url.",
		Example: "  provision diagram --out stack.html\n  provision diagram -o svg > stack.svg\n  provision diagram -o mermaid\n" +
			"  provision diagram -o dot | dot -Tpdf > stack.pdf\n  provision diagram --serve\n" +
			"  provision plan --out plan.json && provision diagram plan.json --out plan.html",
		Args: atMostOneArgument("a saved plan"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if !cmd.Flags().Changed("output") && d.out != "" {
				if f.output, err = drawingOf(d.out); err != nil {
					return err
				}
			}
			if len(args) > 0 {
				d.file = args[0]
				if d.saved, err = f.adopt(cmd, d.file); err != nil {
					return err
				}
			}
			return drawDiagram(cmd.Context(), t, f, d)
		},
		Annotations: map[string]string{ownForms: "html,svg,mermaid,dot"},
	}
	cmd.Flags().StringVar(&d.out, "out", "", "write to this file instead of stdout; without -o its name says in what form")
	cmd.Flags().BoolVar(&d.serve, "serve", false, "serve the page on 127.0.0.1, moving, until Ctrl-C")
	cmd.Flags().IntVar(&d.port, "port", 0, "with --serve: the port (default: a free one)")
	cmd.Flags().DurationVar(&d.every, "every", d.every, "with --serve: how often to look")
	return cmd
}

// drawingOf is the form that a file's name asks for.
func drawingOf(path string) (string, error) {
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
		return "", usageError{fmt.Errorf("--out: a diagram is no %s; name it .html, .svg, .mmd or .dot, or say which with -o", extension)}
	}
}

func drawDiagram(ctx context.Context, t terminal, f *flags, d diagramFlags) (err error) {
	if d.every <= 0 {
		return usageError{errors.New("--every is not above 0")}
	}
	if err := checkPort(d.port); err != nil {
		return err
	}
	switch {
	case d.serve && d.saved != nil:
		return usageError{errors.New("--serve and a saved plan exclude each other: a plan does not move")}
	case d.serve && d.out != "":
		return usageError{errors.New("--serve and --out exclude each other: what is served is in no file")}
	}
	if err := checkWritable("--out", d.out); err != nil {
		return err
	}
	s, err := open(ctx, t, f, purpose{command: "diagram", regions: f.present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx)
	defer stop()
	if d.serve {
		return s.serveDiagram(ctx, t, d)
	}

	found := s.stack.Status(ctx)
	picture, err := s.pictureFor(found, d)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := drawings[f.output](&text, picture); err != nil {
		return err
	}
	if d.out == "" {
		_, err = t.out.Forward.Write(text.Bytes())
		return errors.Join(err, found.Err())
	}
	if err := os.WriteFile(d.out, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the diagram: %w", err)
	}
	fmt.Fprintf(t.err, "%s is written.\n", d.out)
	return found.Err()
}

// pictureFor is the picture of what was found, or of a saved plan that is still true of it.
func (s *session) pictureFor(found *stack.Status, d diagramFlags) (diagram.Picture, error) {
	if d.saved == nil {
		return s.picture(found), nil
	}
	if err := s.same(d.saved, found.Plan); err != nil {
		return diagram.Picture{}, err
	}
	return diagram.BuildPlan(s.config.Name, found, s.backend.clock.Now(), d.file, *d.saved), nil
}

func (s *session) picture(found *stack.Status) diagram.Picture {
	return diagram.Build(s.config.Name, found, s.backend.clock.Now())
}
