package release

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The measured program, the released one and the image's are the same; and as long as their flags are equal, it is
// compiled once.
func TestEveryBuildHasTheSameFlags(t *testing.T) {
	for file, wants := range map[string][]string{
		"Dockerfile":                     {"CGO_ENABLED=0", "-trimpath", "-gcflags=all=-l -gcflags=std=", `-ldflags "-s -w -funcalign=4`},
		"Makefile":                       {"CGO_ENABLED=0", "-trimpath", "-gcflags=all=-l -gcflags=std=", `-ldflags='-s -w -funcalign=4'`},
		".goreleaser.yaml":               {"[CGO_ENABLED=0]", "[-trimpath]", "gcflags: [all=-l, std=]", "ldflags: -s -w -funcalign=4"},
		"integration/program/program.go": {"CGO_ENABLED=0", "-trimpath", "-gcflags=all=-l", "-gcflags=std=", "-ldflags=-s -w -funcalign=4"},
	} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s has no %s", file, want)
			}
		}
	}
}
