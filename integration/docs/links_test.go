package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	unsaid  = regexp.MustCompile(`[^\p{L}\p{N} _-]`) // what an anchor leaves out of its heading
)

// A link to another page, or to a heading of a page, leads there. Links to the web are not followed.
func TestLinks(t *testing.T) {
	for _, path := range pages(t) {
		_, prose := blocks(read(t, path))
		for _, match := range link.FindAllStringSubmatch(prose, -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			to := path
			if target != "" {
				to = filepath.Join(filepath.Dir(path), target)
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: the link %s leads nowhere", path, match[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
				t.Errorf("%s: the link %s names no heading there", path, match[1])
			}
		}
	}
}

// anchors are what GitHub calls the headings of a page.
func anchors(page string) []string {
	_, prose := blocks(page)
	var all []string
	for _, match := range heading.FindAllStringSubmatch(prose, -1) {
		text := unsaid.ReplaceAllString(strings.ToLower(strings.TrimSpace(match[1])), "")
		all = append(all, strings.ReplaceAll(text, " ", "-"))
	}
	return all
}
