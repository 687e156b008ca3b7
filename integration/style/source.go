package style

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// part is the kind of a passage.
type part string

const (
	literal part = "string"
	comment part = "comment"
	page    part = "page"
)

// passage is a text that reads as one: a string, a comment, a paragraph. Its lines are joined, so that a phrase is found
// across a line's end.
type passage struct {
	path   string // of the file, from the root
	in     part
	text   string
	starts []int // where each line starts in text
	first  int   // the number of its first line
}

// line is the number of the line that has this byte of the text.
func (s passage) line(at int) int {
	number := s.first
	for i, start := range s.starts {
		if start <= at {
			number = s.first + i
		}
	}
	return number
}

// joined makes a passage of lines.
func joined(path string, in part, first int, lines []string) passage {
	s := passage{path: path, in: in, first: first}
	for i, line := range lines {
		if i > 0 {
			s.text += " "
		}
		s.starts = append(s.starts, len(s.text))
		s.text += strings.TrimSpace(line)
	}
	return s
}

// source reads the strings and comments of a Go file.
func source(path, text string) ([]passage, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var all []passage
	skip, names := map[*ast.BasicLit]bool{}, map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			skip[n.Path] = true
		case *ast.Field:
			skip[n.Tag] = true
		case *ast.Ident:
			names[n.Name] = true
		case *ast.BasicLit:
			if value, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && !skip[n] {
				all = append(all, joined(path, literal, files.Position(n.Pos()).Line, strings.Split(value, "\n")))
			}
		}
		return true
	})
	for _, group := range file.Comments {
		all = append(all, remark(path, files.Position(group.Pos()).Line, group, names))
	}
	return all, nil
}

// remark is a comment without the name that it documents: identifiers have words of their own.
func remark(path string, first int, group *ast.CommentGroup, names map[string]bool) passage {
	var lines []string
	for _, c := range group.List {
		text := strings.TrimPrefix(c.Text, "//")
		if !strings.HasPrefix(text, " ") && text != "" && !strings.HasPrefix(text, "*") { // a directive
			text = ""
		}
		lines = append(lines, strings.Split(text, "\n")...)
	}
	if name, rest, ok := strings.Cut(strings.TrimSpace(lines[0]), " "); ok && names[name] {
		lines[0] = rest
	}
	return joined(path, comment, first, lines)
}
