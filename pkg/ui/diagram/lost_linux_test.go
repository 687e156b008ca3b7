package diagram

import (
	"os"
	"path/filepath"
	"testing"
)

// A browser that is lost is started once more, and not a third time: here each program ends at once.
func TestALostBrowserIsNoticed(t *testing.T) {
	program := filepath.Join(t.TempDir(), "chromium")
	must(t, os.WriteFile(program, []byte("#!/bin/sh\nexit 0\n"), 0o700))
	during, ended := attempt(func() { launch(t, program).open("about:blank", looks[0]) })
	if !ended || during != "Target.createTarget" {
		t.Errorf("lost: %t, during %q", ended, during)
	}
	if during, ended := attempt(func() {}); ended || during != "" {
		t.Errorf("a test that ends: lost %t, during %q", ended, during)
	}
}

func TestATestIsRepeatedOnceWhereItsBrowserIsLost(t *testing.T) {
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "chromium"), []byte("#!/bin/sh\nexit 0\n"), 0o700))
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	runs := 0
	inBrowser(t, func(b *browser) {
		if runs++; runs == 1 {
			b.open("about:blank", looks[0])
		}
	})
	if runs != 2 {
		t.Errorf("it ran %d times", runs)
	}
}
