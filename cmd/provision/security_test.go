package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// The files that a run leaves belong to its user alone, and hold neither credentials nor user data.
func TestFilesHoldNoSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack+"  compute: {user_data: \"file:boot.sh\"}\n")
		const mark = "hunter2"
		if err := os.WriteFile(filepath.Join(w.dir, "boot.sh"), []byte("#!/bin/sh\ndnf install -y nginx\nsystemctl enable --now nginx\necho "+mark+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadDir(w.dir)
		if err != nil {
			t.Fatal(err)
		}
		r := runner{client: w.box, key: sandbox.DefaultAccount}
		log := filepath.Join(w.dir, "calls.ndjson")
		w.must(ending.Done, r.run(w, "up", "--regions", "eu-west-1", "--yes", "--skip-verify", "--log-file", log, "--log-level", "debug"))
		after, err := os.ReadDir(w.dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(after) < len(before)+2 {
			t.Fatalf("no state or no log among %v", after)
		}
		for _, file := range after {
			if file.Name() == "boot.sh" || file.Name() == "provision.yaml" {
				continue
			}
			path := filepath.Join(w.dir, file.Name())
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{mark, secretKey} {
				if strings.Contains(string(text), secret) {
					t.Errorf("%s holds %q", file.Name(), secret)
				}
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
				t.Errorf("%s has mode %o", file.Name(), mode)
			}
		}
	})
}
