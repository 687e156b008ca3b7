package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// piece is text of one look.
type piece struct {
	column int
	text   string
	class  string // e.g. "bold c2"; empty: as the terminal's text is
}

var colours = [...]string{"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"}

// parse reads the first rows lines.
func parse(text string, rows int) [][]piece {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	lines = lines[:min(len(lines), rows)]
	all := make([][]piece, 0, rows)
	var look look
	for _, line := range lines {
		all = append(all, look.line(line))
	}
	return all
}

// look is what the escape sequences so far come to. It lasts over line ends.
type look struct {
	bold, faint bool
	colour      string
}

func (l *look) class() string {
	var all []string
	if l.bold {
		all = append(all, "bold")
	}
	if l.faint {
		all = append(all, "faint")
	}
	if l.colour != "" {
		all = append(all, l.colour)
	}
	return strings.Join(all, " ")
}

func (l *look) line(text string) []piece {
	var pieces []piece
	var state byte
	parser := ansi.NewParser()
	column := 0
	for len(text) > 0 {
		sequence, width, n, next := ansi.DecodeSequence(text, state, parser)
		text, state = text[n:], next
		if width == 0 {
			if ansi.HasCsiPrefix(sequence) && ansi.Cmd(parser.Command()).Final() == 'm' {
				l.apply(parser.Params())
			}
			continue
		}
		last := len(pieces) - 1
		if last < 0 || pieces[last].class != l.class() {
			pieces = append(pieces, piece{column: column, class: l.class()})
			last++
		}
		pieces[last].text += sequence
		column += width
	}
	return visible(pieces)
}

// visible drops what shows nothing.
func visible(pieces []piece) []piece {
	var all []piece
	for _, p := range pieces {
		if strings.TrimSpace(p.text) != "" {
			all = append(all, p)
		}
	}
	return all
}

func (l *look) apply(params ansi.Params) {
	if len(params) == 0 {
		*l = look{}
	}
	params.ForEach(0, func(_, code int, _ bool) {
		switch {
		case code == 0:
			*l = look{}
		case code == 1:
			l.bold = true
		case code == 2:
			l.faint = true
		case code == 22:
			l.bold, l.faint = false, false
		case code >= 30 && code <= 37:
			l.colour = colours[code-30]
		case code == 39:
			l.colour = ""
		case code >= 90 && code <= 97:
			l.colour = colours[code-90]
		}
	})
}
