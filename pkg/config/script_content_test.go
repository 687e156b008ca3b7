package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An editor's changes to line ends must not replace instances, and user data that cloud-init ignores must not be
// launched.
func TestUserDataIsWhatCloudInitReads(t *testing.T) {
	for name, c := range map[string]struct{ script, want, problem string }{
		"a script":            {script: "#!/bin/sh\ntrue\n", want: "#!/bin/sh\ntrue\n"},
		"lines of Windows":    {script: "#!/bin/sh\r\ntrue\r\n", want: "#!/bin/sh\ntrue\n"},
		"one such line below": {script: "#!/bin/sh\nprintf 'a\r\n'\n", want: "#!/bin/sh\nprintf 'a\r\n'\n"},
		"cloud-config":        {script: "#cloud-config\npackages: [nginx]\n", want: "#cloud-config\npackages: [nginx]\n"},
		"several parts":       {script: "MIME-Version: 1.0\n", want: "MIME-Version: 1.0\n"},
		"compressed":          {script: "\x1f\x8b\x08", want: "\x1f\x8b\x08"},
		"empty":               {problem: "is empty"},
		"only blank lines":    {script: "\r\n\n", problem: "is empty"},
		"a byte order mark":   {script: "\ufeff#!/bin/sh\n", problem: "byte order mark"},
		"no header":           {script: "yum install nginx\n", problem: `starts with "yum install nginx", which cloud-init ignores`},
		"a header below":      {script: "\n#!/bin/sh\n", problem: "cloud-init ignores"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, FileName)
			write(t, filepath.Join(dir, "boot"), c.script)
			write(t, file, "regions: [eu-west-1]\ndefaults: {compute: {user_data: 'file:boot'}}\n")
			config, err := Load(file, Overrides{})
			if c.problem != "" {
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Errorf("error %v instead of one with %q", err, c.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			settings, err := config.Region("eu-west-1")
			if err != nil || string(settings.Compute.Script) != c.want {
				t.Errorf("%q, %v instead of %q", settings.Compute.Script, err, c.want)
			}
		})
	}
}

// A number that YAML's versions read differently is refused, in the file and in variables.
func TestNumbersAreDecimal(t *testing.T) {
	for _, text := range []string{"010", "0x10", "0o10", "0b1", "1_0"} {
		file := filepath.Join(t.TempDir(), FileName)
		write(t, file, "defaults: {compute: {max: "+text+"}}\n")
		if _, err := Load(file, Overrides{}); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("max: %s in the file: %v", text, err)
		}
		env := func(name string) (string, bool) {
			if name == EnvName("max-concurrent-regions") {
				return text, true
			}
			return "", false
		}
		if _, err := Load("", Overrides{Env: env}); err == nil {
			t.Errorf("%s in a variable is taken", text)
		}
	}
	file := filepath.Join(t.TempDir(), FileName)
	write(t, file, "defaults: {compute: {min: 2, max: +10}}\n")
	c, err := Load(file, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := c.Region("eu-west-1"); err != nil || s.Compute.Max != 10 {
		t.Errorf("%d, %v instead of 10", s.Compute.Max, err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
