package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxScript is EC2's limit for user data before it is base64-encoded (EC2 user guide, "Run commands when you launch an
// EC2 instance with user data input").
const maxScript = 16 << 10

// script is the user data that a setting names as a file; nil if it names none.
func (c *Config) script(userData string, from value, mistakes *mistakes) []byte {
	path, isFile := strings.CutPrefix(userData, "file:")
	if !isFile {
		return nil
	}
	script, err := c.readScript(path)
	path = c.besideFile(path)
	if err != nil {
		mistakes.setting(from, "", "the user data can't be read: %v", err)
		return nil
	}
	if len(script) > maxScript {
		mistakes.setting(from, "have it download the rest", "%s has more than the %d bytes that EC2 accepts as user data",
			path, maxScript)
	}
	script = unixLines(script)
	if problem := checkScript(script); problem != (fault{}) {
		mistakes.setting(from, problem.hint, "%s %s", path, problem.message)
	}
	return script
}

// readScript reads a file of the settings' folder. A user who can change the settings must not gain access to other
// files of the machine that applies them: every identity that may describe launch templates can read user data. Links
// inside of the folder are followed, since a ConfigMap is mounted as links.
func (c *Config) readScript(path string) ([]byte, error) {
	folder := filepath.Dir(c.File)
	name, err := inside(folder, path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, fmt.Errorf("%s is not a file", path)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	script, err := io.ReadAll(io.LimitReader(f, maxScript+1))
	return script, errors.Join(err, f.Close())
}

// inside is a path as seen from the folder, which it must not lead out of.
func inside(folder, path string) (string, error) {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		from, err := filepath.Abs(folder)
		if err != nil {
			return "", err
		}
		if path, err = filepath.Rel(from, path); err != nil {
			return "", err
		}
	}
	if path = filepath.Clean(path); !filepath.IsLocal(path) {
		return "", fmt.Errorf("it is outside of the folder of the settings, %s", folder)
	}
	return path, nil
}
