package shell

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/terminal"
)

// Plugin is the path of AWS's session-manager-plugin, which speaks Session Manager's protocol.
type Plugin string

const pluginName = "session-manager-plugin"

// FindPlugin looks for the plugin on the PATH.
func FindPlugin() (Plugin, error) {
	path, err := exec.LookPath(pluginName)
	return Plugin(path), err
}

// NoPluginError says how to get the plugin, and which command of the AWS CLI, which needs it as well, does the same.
type NoPluginError struct{ Target }

func (e *NoPluginError) Error() string {
	command := fmt.Sprintf("aws ssm start-session --target %s --region %s", e.Instance, e.Region)
	if e.Profile != "" {
		command += " --profile " + e.Profile
	}
	return fmt.Sprintf("%s is not on this machine's PATH, so that no shell can be opened; once it is, `%s` does the same",
		pluginName, command)
}

// NextStep implements [ending.Advisor].
func (*NoPluginError) NextStep() string {
	return "install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/" +
		"session-manager-working-with-install-plugin.html"
}

// Target is where a shell is opened.
type Target struct {
	Instance string // its ID
	Region   string
	Profile  string // of the credentials, as the user named it; may be empty
	Endpoint string // of Systems Manager; empty: AWS's own
}

// responseVariable is where plugins later than 1.2.497.0 look for the session, if it stands in the session's place: arguments
// can be read by every user of the machine, the environment only by the same user. The AWS CLI does the same.
const responseVariable = "AWS_SSM_START_SESSION_RESPONSE"

var lastWithoutVariable = []int{1, 2, 497, 0}

const versionTimeout = 10 * time.Second

// readsVariable says whether the plugin is new enough for [responseVariable]. One that does not tell its version is not.
func (p Plugin) readsVariable(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, string(p), "--version").Output()
	if err != nil {
		return false
	}
	var version []int
	for part := range strings.SplitSeq(strings.TrimSpace(string(out)), ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return false
		}
		version = append(version, n)
	}
	return slices.Compare(version, lastWithoutVariable) > 0
}

// Run gives the terminal to the plugin until the shell ends. Its arguments are those that the AWS CLI gives it.
func (p Plugin) Run(ctx context.Context, t terminal.Terminal, session compute.Session, to Target) error {
	answer, err := json.Marshal(session)
	if err != nil {
		return err
	}
	request, err := json.Marshal(map[string]string{"Target": to.Instance})
	if err != nil {
		return err
	}
	endpoint := cmp.Or(to.Endpoint, "https://ssm."+to.Region+"."+cloud.DNSSuffix(to.Region))
	// Not bound to the run's context: an interrupt from the keyboard is for the shell.
	first, environment := string(answer), os.Environ()
	if p.readsVariable(ctx) {
		first, environment = responseVariable, append(environment, responseVariable+"="+string(answer))
	} else {
		t.Notef("warning: this %s is not later than 1.2.497.0, and gets the session's token as an argument: until the shell ends, "+
			"every user of this machine can read it, and use the session; install a later one", pluginName)
	}
	shell := exec.Command(string(p), first, to.Region, "StartSession", to.Profile, string(request), endpoint)
	shell.Env = environment
	shell.Stdin, shell.Stdout, shell.Stderr = t.In, t.Out.Forward(), t.Err.Forward()
	signal.Ignore(os.Interrupt)
	defer signal.Reset(os.Interrupt)
	if err := shell.Run(); err != nil {
		return fmt.Errorf("the shell on %s ended: %w", to.Instance, err)
	}
	return nil
}
