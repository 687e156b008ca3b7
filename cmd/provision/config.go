package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/safefile"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

func newConfig(t terminal.Terminal, c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Create, check and show the settings file",
		Args:  cli.CommandNeeded,
		RunE:  cli.ShowHelp,
	}
	cmd.AddCommand(newConfigInit(t, c), newConfigShow(t, c), newConfigValidate(t, c), newConfigSchema(t))
	return cmd
}

func newConfigInit(t terminal.Terminal, c *common) *cobra.Command {
	force := false
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a first settings file, with every default as a comment",
		Example: "  provision config init\n  provision config init --name shop --regions eu-west-1,us-east-1\n" +
			"  provision config init -f staging.yaml",
		Args: cli.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			path := c.settings.file
			if path == "" {
				path = config.FileName
			}
			return initConfig(t, *c, path, force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "write over a file that is there")
	return cmd
}

func initConfig(t terminal.Terminal, c common, path string, force bool) error {
	said, err := config.Load("", config.Overrides{Name: c.settings.typed.Name, Regions: c.settings.typed.Regions, Env: os.LookupEnv})
	if err != nil {
		return err
	}
	write := createFile
	if force {
		if err := terminal.CheckWritable("--file", path, settingsKind); err != nil {
			return err
		}
		write = func(path string, data []byte) error { return safefile.Replace(path, data, settingsKind) }
	}
	err = write(path, config.Init(said.Name, said.Regions))
	if errors.Is(err, os.ErrExist) {
		return ending.Refusedf("%s is there already: it is not overwritten without --force", path)
	}
	if err != nil {
		return fmt.Errorf("write a first settings file: %w", err)
	}
	of := ""
	if path != config.FileName {
		of = " -f " + path
	}
	fmt.Fprintf(t.Out, "%s is written: `provision config show%s` shows what it means, `provision up%s` applies it.\n", path, of, of)
	return nil
}

// settingsKind is what --force may write over: no state, plan or log.
var settingsKind = safefile.Kind{Name: "a settings file", Known: config.Recognized}

func createFile(path string, data []byte) error {
	file, err := safefile.Create(path)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

func newConfigSchema(t terminal.Terminal) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the settings file's JSON Schema, for editors",
		Example: "  provision config schema > provision.schema.json",
		Args:    cli.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			schema, err := config.Schema()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(t.Out, "%s\n", schema)
			return err
		},
	}
}

func newConfigShow(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Show the settings of each region, and where each comes from",
		Example: "  provision config show\n  provision config show --regions eu-west-1 -o json\n" +
			"  provision config show --targets shop-dev",
		Args: cli.NoArguments,
		RunE: func(*cobra.Command, []string) error { return showConfig(t, *c) },
	}
}

func showConfig(t terminal.Terminal, c common) error {
	file, err := c.settings.told(t).load()
	if err != nil {
		return err
	}
	if len(c.settings.targets) != 1 && len(file.Targets) > 0 {
		return showFleet(t, c, file)
	}
	cfg, err := c.settings.choose(file, fleetOptions{})
	if err != nil {
		return err
	}
	shown, err := settingsOf(cfg)
	if err != nil {
		return err
	}
	if len(cfg.Regions) == 0 {
		fmt.Fprintln(t.Err, "No region is named: --regions eu-west-1 shows the settings of a region.")
	}
	return t.Show(c.form, shown, func() error { shown.Table(t.Out); return nil })
}

// showFleet shows the settings of each target.
func showFleet(t terminal.Terminal, c common, file *config.Config) error {
	r := newFleetRun(t, c, file)
	if err := r.choose(); err != nil {
		return err
	}
	var shown ui.FleetSettings
	for _, name := range r.chosen {
		settings, err := settingsOf(r.configs[name])
		if err != nil {
			return err
		}
		shown.Targets = append(shown.Targets, ui.TargetSettings{Target: name, Settings: settings})
	}
	return t.Show(c.form, shown, func() error { shown.Table(t.Out); return nil })
}

func settingsOf(cfg *config.Config) (ui.Settings, error) {
	shown := ui.Settings{Stack: cfg.ExplainStack()}
	for _, region := range cfg.Regions {
		settings, err := cfg.Explain(region)
		if err != nil {
			return shown, err
		}
		shown.Regions = append(shown.Regions, ui.RegionSettings{Region: region, Settings: settings})
	}
	return shown, nil
}

func newConfigValidate(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "validate",
		Short:   "Show every mistake in the settings, with its place",
		Example: "  provision config validate\n  provision config validate -f staging.yaml -o json",
		Args:    cli.NoArguments,
		RunE:    func(*cobra.Command, []string) error { return validateConfig(t, *c) },
	}
}

// validity is the result of `config validate` for programs.
type validity struct {
	File     string        `json:"file"`
	Valid    bool          `json:"valid"`
	Errors   config.Errors `json:"errors"`
	Warnings []string      `json:"warnings,omitempty"` // what is likely not meant, though it is valid
}

func validateConfig(t terminal.Terminal, c common) error {
	file := c.settings.path()
	if file == "" {
		return ending.Usagef("there is no %s here; `provision config init` writes one", config.FileName)
	}
	warnings, err := c.settings.told(t).check()
	mistakes, ok := errors.AsType[config.Errors](err)
	if err != nil && !ok {
		return err
	}
	result := validity{File: file, Valid: err == nil, Errors: mistakes, Warnings: warnings}
	if showErr := t.Show(c.form, result, func() error {
		if err == nil {
			fmt.Fprintf(t.Out, "%s is valid.\n", file)
		}
		return nil
	}); showErr != nil {
		return showErr
	}
	return err
}

// check also looks at what is wrong in one region only.
func (s settings) check() (warnings []string, err error) {
	cfg, err := s.load()
	if err != nil {
		return nil, err
	}
	for _, region := range cfg.Regions {
		if _, err := cfg.Region(region); err != nil {
			return cfg.Warnings(), err
		}
	}
	return cfg.Warnings(), nil
}
