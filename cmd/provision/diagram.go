package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"provision/pkg/ui/diagram"
)

// drawings are the forms of a diagram.
var drawings = map[string]func(io.Writer, diagram.Picture) error{
	"html": diagram.HTML, "svg": diagram.SVG, "mermaid": diagram.Mermaid, "dot": diagram.DOT,
}

func newDiagram(t terminal, f *flags) *cobra.Command {
	file := ""
	cmd := &cobra.Command{
		Use:   "diagram",
		Short: "Draw the stack: what is in what, the ways in and out, and how each thing is",
		Long: "diagram reads AWS as status does, and draws it: regions, zones, subnets and what is in them, the ways of requests and\n" +
			"of what the instances fetch, the phase and health of everything, and each difference from the settings.\n" +
			"The page is one file that needs no network; it works with the keyboard, in print, and on light and dark.",
		Example: "  provision diagram --out stack.html\n  provision diagram -o svg > stack.svg\n  provision diagram -o mermaid\n" +
			"  provision diagram -o dot | dot -Tpdf > stack.pdf",
		Args:        noArguments,
		RunE:        func(cmd *cobra.Command, _ []string) error { return drawDiagram(cmd.Context(), t, f, file) },
		Annotations: map[string]string{ownForms: "html,svg,mermaid,dot"},
	}
	cmd.Flags().StringVar(&file, "out", "", "write to this file instead of stdout")
	return cmd
}

func drawDiagram(ctx context.Context, t terminal, f *flags, file string) (err error) {
	s, err := open(ctx, t, f, purpose{command: "diagram", regions: f.present})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	ctx, stop := s.bounded(ctx, f)
	defer stop()

	found := s.stack.Status(ctx)
	var text bytes.Buffer
	if err := drawings[f.output](&text, diagram.Build(s.config.Name, found, s.backend.clock.Now())); err != nil {
		return err
	}
	if file == "" {
		_, err = t.out.Forward.Write(text.Bytes())
		return errors.Join(err, found.Err())
	}
	if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the diagram: %w", err)
	}
	fmt.Fprintf(t.err, "%s is written.\n", file)
	return found.Err()
}
