package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provision/pkg/config"
)

// The author of the settings chooses the content of user data, and must not choose among all files of the machine.
func TestUserDataIsConfinedToTheSettingsFolder(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	dir := t.TempDir()
	const script = "#!/bin/sh\necho hello\n"
	write := func(path, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	write(outside, script)
	write(filepath.Join(dir, "scripts", "boot.sh"), script)
	link(outside, "out.sh")
	link("../"+filepath.Base(filepath.Dir(outside))+"/secret", "up.sh")
	link(filepath.Dir(outside), "folder")
	link("scripts/boot.sh", "in.sh")
	link("/proc/self/environ", "environ.sh")
	for path, taken := range map[string]bool{
		"scripts/boot.sh": true, "./scripts/../scripts/boot.sh": true, "in.sh": true,
		filepath.Join(dir, "scripts", "boot.sh"): true,

		outside: false, "../secret": false, "scripts/../../secret": false, "/proc/self/environ": false, "/etc/passwd": false,
		"out.sh": false, "up.sh": false, "folder/secret": false, "environ.sh": false, "scripts": false,
	} {
		file := filepath.Join(dir, "provision.yaml")
		write(file, "version: 1\nregions: [eu-west-1]\ndefaults: {compute: {user_data: 'file:"+path+"'}}\n")
		_, err := config.Load(file, config.Overrides{})
		if taken && err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if !taken && (err == nil || !strings.Contains(err.Error(), "user data can't be read")) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
