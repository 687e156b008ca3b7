package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/terminal"
)

// release is set by the linker in releases.
var release string

// version is the release, or what Go knows of the commit this was built from.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

// build is what `version` tells, for bug reports.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"` // built from files that differ from the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisBuild() build {
	b := build{Version: version(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}

func newVersion(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  provision version\n  provision version -o json",
		Args:    cli.NoArguments,
		RunE:    func(*cobra.Command, []string) error { return showVersion(t, *c) },
	}
}

// versionFlag is for those who look for a flag. It has no variable: PROVISION_VERSION is what scripts call the release
// that they fetch.
const versionFlag = "version"

func showVersion(t terminal.Terminal, c common) error {
	b := thisBuild()
	return t.Show(c.form, b, func() error {
		_, err := fmt.Fprintf(t.Out, "provision %s %s %s\n", b.Version, b.Go, b.Platform)
		return err
	})
}
