package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/terminal"
)

// plugin is the path of AWS's session-manager-plugin, which speaks Session Manager's protocol.
type plugin string

const pluginName = "session-manager-plugin"

func findPlugin() (plugin, error) {
	path, err := exec.LookPath(pluginName)
	return plugin(path), err
}

// noPluginError says how to get the plugin, and which command of the AWS CLI, which needs it as well, does the same.
type noPluginError struct{ instance, region, profile string }

func (e *noPluginError) Error() string {
	command := fmt.Sprintf("aws ssm start-session --target %s --region %s", e.instance, e.region)
	if e.profile != "" {
		command += " --profile " + e.profile
	}
	return fmt.Sprintf("%s is not on this machine's PATH, so that no shell can be opened; once it is, `%s` does the same",
		pluginName, command)
}

// NextStep implements [ending.Advisor].
func (*noPluginError) NextStep() string {
	return "install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/" +
		"session-manager-working-with-install-plugin.html"
}

// shellTarget is where a shell is opened.
type shellTarget struct{ instance, region, profile, endpoint string }

// run gives the terminal to the plugin until the shell ends. Its arguments are those that the AWS CLI gives it.
func (p plugin) run(t terminal.Terminal, session compute.Session, to shellTarget) error {
	answer, err := json.Marshal(session)
	if err != nil {
		return err
	}
	request, err := json.Marshal(map[string]string{"Target": to.instance})
	if err != nil {
		return err
	}
	endpoint := cmp.Or(to.endpoint, "https://ssm."+to.region+"."+cloud.DNSSuffix(to.region))
	// Not bound to the run's context: an interrupt from the keyboard is for the shell.
	shell := exec.Command(string(p), string(answer), to.region, "StartSession", to.profile, string(request), endpoint)
	shell.Stdin, shell.Stdout, shell.Stderr = t.In, t.Out.Forward(), t.Err.Forward()
	signal.Ignore(os.Interrupt)
	defer signal.Reset(os.Interrupt)
	if err := shell.Run(); err != nil {
		return fmt.Errorf("the shell on %s ended: %w", to.instance, err)
	}
	return nil
}
