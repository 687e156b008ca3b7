package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxScript is EC2's limit for user data before it is base64-encoded (EC2 user guide, "Run commands when you launch an
// EC2 instance with user data input").
const maxScript = 16 << 10

// script is the user data that a setting names as a file; nil if it names none.
func (c *Config) script(userData string, from value, report *report) []byte {
	path, isFile := strings.CutPrefix(userData, "file:")
	if !isFile {
		return nil
	}
	path = c.besideFile(path)
	script, err := readScript(path)
	if err != nil {
		report.setting(from, "", "the user data can't be read: %v", err)
		return nil
	}
	if len(script) > maxScript {
		report.setting(from, "let it fetch what is too large", "%s has more than the %d bytes that EC2 takes as user data",
			path, maxScript)
	}
	script = unixLines(script)
	if problem := checkScript(script); problem != (fault{}) {
		report.setting(from, problem.hint, "%s %s", path, problem.message)
	}
	return script
}

func readScript(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, fmt.Errorf("%s is not a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	script, err := io.ReadAll(io.LimitReader(f, maxScript+1))
	return script, errors.Join(err, f.Close())
}
