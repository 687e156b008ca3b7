package main

import (
	"errors"
	"os"
	"strings"

	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/terminal"
)

// settings are the file, and the flags that override it.
type settings struct {
	file    string
	targets []string
	typed   config.Overrides

	present bool                 // the command works on what is there: mistakes do not stop it
	warn    func(string, ...any) // tells of what is likely not meant; nil: the command tells nothing
}

// told is the settings for a command whose user is told what in them has no effect.
func (s settings) told(t terminal.Terminal) settings {
	s.warn = t.Notef
	return s
}

// ofPresent is the settings for a command that works on what is there, whatever the settings want.
func (s settings) ofPresent() settings {
	s.present = true
	return s
}

// load is the whole file, with what flags and variables say on it.
func (s settings) load() (*config.Config, error) {
	s.typed.Env = os.LookupEnv
	load := config.Load
	if s.present {
		load = config.LoadPresent
	}
	cfg, err := load(s.path(), s.typed)
	if _, mistakes := errors.AsType[config.Errors](err); err != nil && !mistakes {
		err = ending.UsageError{Err: err} // the file can't be read at all
	}
	if err == nil && s.warn != nil {
		s.tell(cfg)
	}
	return cfg, err
}

// tell names the mistakes that the command does without, and what has no effect.
func (s settings) tell(cfg *config.Config) {
	for _, mistake := range cfg.Mistakes {
		for line := range strings.Lines("warning: " + ending.Text(config.Errors{mistake})) {
			s.warn("%s", strings.TrimSuffix(line, "\n"))
		}
	}
	if len(cfg.Mistakes) > 0 {
		s.warn("Where the settings have mistakes, what is there is not compared with them; `provision plan` and `up` refuse " +
			"them until they are corrected.")
	}
	for _, warning := range cfg.Warnings() {
		s.warn("warning: %s", warning)
	}
}

// path is the file that was given, or the one in the working directory, if there is one.
func (s settings) path() string {
	if found, ok := config.Find("."); ok && s.file == "" {
		return found
	}
	return s.file
}

// forStack is what the settings mean for the one stack that a command is about.
func (s settings) forStack() (*config.Config, error) {
	file, err := s.load()
	if err != nil {
		return nil, err
	}
	return s.choose(file, fleetOptions{})
}

// choose takes the one target that a command is about, if the file has any.
func (s settings) choose(file *config.Config, o fleetOptions) (*config.Config, error) {
	switch {
	case len(file.Targets) == 0 && (len(s.targets) > 0 || o.given()):
		return nil, ending.Usagef("--targets, --shard and --shards are for settings that have `targets:`")
	case len(file.Targets) == 0:
		return file, nil
	case len(s.targets) != 1 || o.given():
		return nil, ending.Usagef("the settings have %d targets, and this command works on one: choose it with --targets %s",
			len(file.Targets), file.Targets[0])
	}
	cfg, err := file.ForTarget(s.targets[0])
	if err != nil {
		return nil, ending.UsageError{Err: err}
	}
	return cfg, nil
}
