package mutants

import (
	"fmt"
	"os"
	"strings"
)

// ReadEquivalent reads the list of mutants that change nothing visible. A line is a mutant's file, function,
// change and text, parted by " | ", and the reason; an empty line or one with # says nothing.
func ReadEquivalent(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	reasons := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 5 {
			return nil, fmt.Errorf("%s:%d: want file | function | change | text | reason", path, i+1)
		}
		reasons[strings.Join(parts[:4], " | ")] = parts[4]
	}
	return reasons, nil
}
