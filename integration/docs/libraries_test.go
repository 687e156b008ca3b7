package docs

import (
	"regexp"
	"strings"
	"testing"
)

// The table of libraries has each module that go.mod requires directly, and no other. The clients of AWS's services are
// modules of their own, which the SDK's row stands for.
func TestTableOfLibraries(t *testing.T) {
	const architecture = "../../docs/architecture.md"
	_, section, found := strings.Cut(read(t, architecture), "## Libraries")
	if !found {
		t.Fatalf("%s has no section of libraries", architecture)
	}
	listed := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| .*?\|`).FindAllString(section, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row, -1) {
			listed[name[1]] = true
		}
	}
	for _, line := range regexp.MustCompile(`(?m)^(?:require |\t)(\S+) v\S+(.*)$`).FindAllStringSubmatch(read(t, "../../go.mod"), -1) {
		module := line[1]
		if strings.Contains(line[2], "// indirect") {
			continue
		}
		if strings.HasPrefix(module, "github.com/aws/aws-sdk-go-v2/") {
			module = "github.com/aws/aws-sdk-go-v2"
		}
		if _, known := listed[module]; !known {
			t.Errorf("go.mod requires %s, and %s does not say why", module, architecture)
		}
		listed[module] = false
	}
	for module, unused := range listed {
		if unused {
			t.Errorf("%s names %s, which go.mod does not require", architecture, module)
		}
	}
}
