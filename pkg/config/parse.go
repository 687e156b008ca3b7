package config

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The parser recurses, and its time grows with the square of the depth. No file that is meant gets near these.
const (
	maxFileSize = 64 << 10
	maxBrackets = 100 // open at the same time
	maxDepth    = 100 // of blocks inside of each other, and of marks on one value
)

// parse gives the root of the only YAML document in source, or nil if it is empty or was reported as broken.
func parse(name, source string, mistakes *mistakes) (root ast.Node) {
	whole := Origin{Source: FromFile, Name: name}
	if len(source) > maxFileSize {
		mistakes.add(whole, "", "", "the file has %d bytes, more than the %d that are read", len(source), maxFileSize)
		return nil
	}
	if !utf8.ValidString(source) {
		mistakes.add(whole, "", "save it as UTF-8", "the file is not UTF-8 text")
		return nil
	}
	// The parser is known to panic on some broken input.
	defer func() {
		if cause := recover(); cause != nil {
			mistakes.add(whole, "", "look for unclosed quotes and brackets", "the file can't be read as YAML: %v", cause)
			root = nil
		}
	}()
	tokens := lexer.Tokenize(source)
	if deep := tooDeep(tokens); deep != nil {
		mistakes.add(originOf(name, deep), "", "", "more than %d brackets are open here", maxBrackets)
		return nil
	}
	if deep := nestedTooDeep(tokens); deep != nil {
		mistakes.add(originOf(name, deep), "", "", "more than %d blocks are inside of each other here", maxDepth)
		return nil
	}
	file, err := parser.Parse(tokens, 0)
	if broken := yaml.Error(nil); errors.As(err, &broken) {
		why, hint := broken.GetMessage(), ""
		if strings.Contains(why, "'\t'") {
			why, hint = "there is a tab where YAML requires spaces", "indent with spaces"
		}
		mistakes.add(originOf(name, broken.GetToken()), "", hint, "the file can't be read as YAML: %s", why)
		return nil
	}
	if err != nil {
		mistakes.add(whole, "", "", "the file can't be read as YAML: %v", err)
		return nil
	}
	for _, doc := range file.Docs {
		_, directive := doc.Body.(*ast.DirectiveNode)
		switch {
		case doc.Body == nil || directive:
		case root != nil:
			mistakes.add(originOf(name, doc.Body.GetToken()), "", "keep one", "the file holds a second YAML document")
			return nil
		default:
			root = doc.Body
		}
	}
	return root
}

// tooDeep is the bracket that is one too many, if there is one.
func tooDeep(tokens token.Tokens) *token.Token {
	open := 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open++
		case token.SequenceEndType, token.MappingEndType:
			open--
		}
		if open > maxBrackets {
			return t
		}
	}
	return nil
}

// nestedTooDeep is the token that starts one block too many: of entries and keys that are each further right than the
// last, or of anchors and tags in a row.
func nestedTooDeep(tokens token.Tokens) *token.Token {
	var columns []int // where the open blocks start
	marks := 0
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.TagType, token.AliasType:
			if marks++; marks > maxDepth {
				return t
			}
			continue
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
		default:
			if t.Type != token.StringType || t.Prev == nil || t.Prev.Type != token.AnchorType { // an anchor's name
				marks = 0
			}
			continue
		}
		column := t.Position.Column
		if t.Type == token.MappingValueType && t.Prev != nil {
			column = t.Prev.Position.Column
		}
		for len(columns) > 0 && columns[len(columns)-1] >= column {
			columns = columns[:len(columns)-1]
		}
		if columns = append(columns, column); len(columns) > maxDepth {
			return t
		}
	}
	return nil
}

func originOf(file string, t *token.Token) Origin {
	at := Origin{Source: FromFile, Name: file}
	if t != nil && t.Position != nil {
		at.Line, at.Column, at.width = t.Position.Line, t.Position.Column, utf8.RuneCountInString(t.Value)
		if isQuoted(t) {
			at.width += 2
		}
	}
	return at
}

func isQuoted(t *token.Token) bool {
	return t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
}
