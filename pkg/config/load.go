package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FileName is the file that [Find] looks for.
const FileName = "provision.yaml"

// Config is what file, environment and flags say together. It is complete and valid, unless it has Mistakes.
type Config struct {
	File    string   // as it was given; empty if there is none
	Name    string   // of the stack
	Regions []string // may be empty: then they are those of the state
	Guard   Guard
	Rollout Rollout
	State   State
	Tags    map[string]string

	Targets []string // names of the fleet's targets, sorted; none: it is a single stack
	Target  Target   // whom these settings are for, see [Config.ForTarget]

	Mistakes Errors // in the rest of the settings, see [LoadPresent]

	source  string
	merged  layer    // the whole document with the defaults, by path
	regions value    // that the file gives the stack, whatever was typed
	files   []string // see [Config.EarlierStates]
}

// Find gives the path of the settings file in a folder, if there is one.
func Find(dir string) (path string, ok bool) {
	path = filepath.Join(dir, FileName)
	info, err := os.Stat(path)
	return path, err == nil && !info.IsDir()
}

// Load reads the settings file, or goes without one if path is empty, and puts environment and flags over it. Mistakes
// in what they say come back as [Errors], all at once; other errors mean that the file can't be read at all.
func Load(path string, opts Overrides) (*Config, error) {
	c, err := read(path, opts)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// read also gives what can be told of settings that have mistakes.
func read(path string, opts Overrides) (*Config, error) {
	source := ""
	if path != "" {
		var err error
		if source, err = readSource(path); err != nil {
			return nil, err
		}
	}
	mistakes := newMistakes(source)
	c := parseConfig(path, source, opts, mistakes)
	return c, mistakes.err()
}

// byteOrderMark is what some editors on Windows put before UTF-8. To YAML it is nothing.
const byteOrderMark = "\ufeff"

func readSource(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the settings file: %w; `provision config init` writes one", err)
	}
	if err != nil {
		return "", fmt.Errorf("read the settings file: %w", err)
	}
	defer f.Close()
	source, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return "", fmt.Errorf("read the settings file: %w", err)
	}
	return strings.TrimPrefix(string(source), byteOrderMark), nil
}

func parseConfig(path, source string, opts Overrides, mistakes *mistakes) *Config {
	file := readFile(path, source, mistakes)
	given := opts.layer(mistakes)
	c := &Config{File: path, source: source, merged: merged(flatten(defaultDocument()), file.layer, given)}
	c.placeState()

	var d document
	c.merged.fill(&d)
	c.Name, c.Regions, c.Guard, c.Rollout, c.State = d.Name, d.Regions, d.Guard, d.Rollout, d.State
	c.Tags = map[string]string{}
	for key, v := range c.merged.under("tags") {
		c.Tags[key], _ = v.data.(string)
	}

	for _, path := range []string{file.layer["state.path"].text(), defaultStatePath(c.Name)} {
		if path != "" && !isURL(path) {
			c.files = append(c.files, c.besideFile(path))
		}
	}
	c.Targets, c.regions = targetNames(file), file.layer["regions"]

	c.validateStack(file, mistakes)
	c.validateRegions(file, mistakes)
	c.validateTargets(file, mistakes)
	return c
}

// EarlierStates are the files that the state is kept in where nothing else is said: the file's own, and the default.
func (c *Config) EarlierStates() []string { return c.files }

// Says tells whether the file, a variable or a flag gives this setting, such as "name": it is more than a default.
func (c *Config) Says(path string) bool {
	v := c.merged[path]
	return !v.isZero() && v.at.Source != FromDefault
}

// placeState resolves the path of a state file. A path from the settings file, and the default, are relative to that
// file, so that a settings file leads to the same state from every folder.
func (c *Config) placeState() {
	file, s3 := c.merged["state.path"], c.merged["state.s3"]
	if file.isZero() && s3.isZero() {
		file.data = defaultStatePath(c.merged["name"].data.(string))
	}
	typed := file.at.Source == FromEnv || file.at.Source == FromFlag
	if text, _ := file.data.(string); text != "" && !typed {
		file.data = c.besideFile(text)
	}
	c.merged["state.path"] = file
}

// besideFile is a path of the settings file, seen from the working directory.
func (c *Config) besideFile(path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.File), path)
}
