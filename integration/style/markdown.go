package style

import (
	"regexp"
	"strings"
)

// code is a code span. Its letters are not prose; its dashes tell a flag.
var code = regexp.MustCompile("`[^`]+`")

// item starts a paragraph of its own: an item of a list, a quotation, a row of a table.
var item = regexp.MustCompile(`^\s*([-*>|]|\d+\.)\s`)

// markdown reads the paragraphs of a page, without its blocks of code and its headings.
func markdown(path, text string) []passage {
	var all []passage
	var lines []string
	first, fenced, number := 0, false, 0
	end := func() {
		if len(lines) > 0 {
			all = append(all, joined(path, page, first, lines))
		}
		lines = nil
	}
	for line := range strings.Lines(text) {
		number++
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```")
		if fence {
			fenced = !fenced
		}
		if fence || fenced || trimmed == "" || strings.HasPrefix(trimmed, "#") {
			end()
			continue
		}
		if item.MatchString(line) {
			end()
		}
		if lines == nil {
			first = number
		}
		line = code.ReplaceAllStringFunc(line, func(span string) string {
			if flag := strings.HasPrefix(span, "`--"); flag {
				return "`--x`"
			}
			return "`x`"
		})
		lines = append(lines, item.ReplaceAllString(line, ""))
	}
	end()
	return all
}
