package config_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"provision/pkg/config"
)

// The largest file that is read costs little memory, whatever it repeats: it may come with a pull request.
func TestDeepFilesCostLittle(t *testing.T) {
	const size, most = 64 << 10, 256 << 20
	deep := func(n int) string {
		var text strings.Builder
		for i := range n {
			text.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return text.String()
	}
	for name, source := range map[string]string{
		"entries": strings.Repeat("- ", size/2), "keys": strings.Repeat("? ", size/2), "brackets": strings.Repeat("[", size),
		"braces": strings.Repeat("{", size), "blocks": deep(350), "anchors": strings.Repeat("&a ", size/3), "tags": strings.Repeat("!!a ", size/4),
		"entries and brackets": strings.Repeat("- [", size/3), "lines": strings.Repeat("-\n", size/2), "colons": strings.Repeat("a: ", size/3),
	} {
		path := filepath.Join(t.TempDir(), "provision.yaml")
		if err := os.WriteFile(path, []byte(source[:min(len(source), size)]), 0o600); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := config.Load(path, config.Overrides{})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; err == nil || used > most {
			t.Errorf("%s: %d MB, error %v", name, used>>20, err)
		}
	}
}
