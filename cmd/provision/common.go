package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/pkg/cli"
	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/session"
	"provision/pkg/terminal"
)

// common is what every command takes. Flags and variables are read into it once; commands get a copy, each in a struct with
// the options that are its own.
type common struct {
	settings settings
	session  session.Options

	form     terminal.Form
	progress string
	noColor  bool
	timeout  time.Duration

	agreed bool   // what the command asks was agreed to, by --yes or for all targets of a run
	target string // that this is for, in a run on many
}

// The sandbox's speed, and where what the machine itself takes, a call or a write to the disk, becomes minutes of AWS's
// time, and waits run out of it.
const (
	defaultSandboxSpeed = 60
	maxSandboxSpeed     = 10000
)

const defaultSandboxFile = ".provision/sandbox.json"

func (c *common) add(set *pflag.FlagSet) {
	s := &c.session
	set.StringVarP(&c.settings.file, "file", "f", "", "settings file (default: provision.yaml, if it is there)")
	set.StringSliceVar(&c.settings.typed.Regions, "regions", nil, "regions, separated by commas (default: those of the file, else of the state)")
	set.StringSliceVar(&c.settings.targets, "targets", nil, "targets of the settings, separated by commas (default: all)")
	set.StringVar(&c.settings.typed.Name, "name", "", `name of the stack (default "web")`)
	set.StringVar(&c.settings.typed.State, "state", "", "state: a path, or s3://bucket/prefix (default .provision/NAME.json)")
	set.StringVar(&s.AWS.Profile, "profile", "", "profile of the AWS configuration")
	set.StringVar(&s.AWS.RoleARN, "role-arn", "", "role to assume")
	set.StringVar(&s.AWS.Account, "account", "", "refuse any other account than this one")
	set.StringVar(&s.AWS.Role, "role", "", "refuse any other role than this one: an ARN, with * and ? as wildcards")
	set.StringVar(&s.AWS.EndpointURL, "endpoint-url", "", "send all calls here instead of to AWS (as AWS_ENDPOINT_URL)")
	set.BoolVar(&s.AWS.PlainHTTP, "insecure-endpoint", false, "allow an endpoint without TLS on another machine")
	set.BoolVar(&s.Sandbox.On, "sandbox", false, "use the built-in sandbox instead of AWS: no account, no cost")
	set.StringVar(&s.Sandbox.File, "sandbox-file", defaultSandboxFile, "where the sandbox keeps its account")
	set.Float64Var(&s.Sandbox.Speed, "sandbox-speed", defaultSandboxSpeed, "how many times faster than AWS the sandbox's time goes, from 1 to 10000")
	set.StringArrayVar(&s.Sandbox.Faults, "sandbox-fault", nil, "fault to inject, as region/service:Action#n/mode; may be repeated")
	set.StringVarP((*string)(&c.form), "output", "o", string(terminal.Table), "format of results: table, json or yaml")
	set.StringVar(&c.progress, "progress", terminal.Auto, "progress on stderr: auto, grid, plain, json or none")
	set.BoolVar(&c.noColor, "no-color", false, "no colours (as NO_COLOR)")
	set.StringVar(&s.Log.Level, "log-level", "", "API calls to log: off, warn (those that failed), info (and those that change\n"+
		"something) or debug (all) (default: off, but info with --log-file)")
	set.StringVar(&s.Log.File, "log-file", "", "file to append the log to, one JSON object a line (default: standard error)")
	set.DurationVar(&c.timeout, "timeout", 0, "stop after this long, e.g. 45m (default: none)")
	set.DurationVar(&s.LockTimeout, "lock-timeout", 0, "how long to wait for another run's lock (default: do not wait)")
	_ = set.MarkHidden("sandbox-fault")
}

// readByConfig are flags whose variables package config reads.
var readByConfig = []string{
	"name", "regions", "state", "max-concurrent-regions", "failure-tolerance", "max-concurrent-targets", "max-destroy",
}

// parse takes flags that were not typed from their variables, then checks what every command's flags can be checked for.
func (c *common) parse(cmd *cobra.Command) error {
	if err := c.checkTyped(cmd); err != nil {
		return err
	}
	var problem error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		value := os.Getenv(config.EnvName(flag.Name))
		if value == "" || flag.Changed || slices.Contains(readByConfig, flag.Name) || flag.Name == versionFlag || problem != nil {
			return
		}
		if err := cmd.Flags().Set(flag.Name, value); err != nil {
			problem = ending.Usagef("%s: %w", config.EnvName(flag.Name), cli.WrongValue(err))
		}
	})
	if problem != nil {
		return problem
	}
	c.session.RequireAccount = !slices.Contains([]string{"", "0", "false"}, os.Getenv(session.RequireAccount))
	c.session.Version = version()
	if err := c.checkForm(cmd); err != nil {
		return err
	}
	return c.check()
}

// checkTyped refuses what was typed and says nothing. An empty value is a variable that is not set: `down --regions
// "$REGION"` must not remove every region. And a command line that tunes the sandbox does not mean a real account.
func (c *common) checkTyped(cmd *cobra.Command) error {
	var problem error
	inSandbox := c.session.Sandbox.On || cmd.HasParent() && cmd.Parent().Name() == "sandbox" || os.Getenv(config.EnvName("sandbox")) != ""
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		text := flag.Value.String()
		switch {
		case problem != nil:
		case text == "" || text == "[]":
			problem = ending.Usagef("--%s is empty: omit it to use the default", flag.Name)
		case strings.HasPrefix(flag.Name, "sandbox-") && !inSandbox:
			problem = ending.Usagef("--%s is a flag of the sandbox, and this run works on AWS: pass --sandbox as well", flag.Name)
		}
	})
	return problem
}

func (c *common) check() error {
	aws, speed := c.session.AWS, c.session.Sandbox.Speed
	switch level := c.session.Log.Level; {
	case !slices.Contains(terminal.Modes, c.progress):
		return ending.Usagef("--progress must be %s, not %q", config.OneOf(terminal.Modes), c.progress)
	case c.timeout < 0 || c.session.LockTimeout < 0:
		return errNegative
	case level != "" && !slices.Contains(session.LogLevels, level):
		return ending.Usagef("--log-level must be %s, not %q", config.OneOf(session.LogLevels), level)
	case !(speed >= 1 && speed <= maxSandboxSpeed): // NaN is neither
		return ending.Usagef("--sandbox-speed: %g is not from 1 to %d", speed, maxSandboxSpeed)
	case aws.Account != "" && !config.IsAccountID(aws.Account):
		return ending.Usagef("--account: %q is not an account ID of 12 digits", aws.Account)
	case aws.Role != "" && !config.IsIdentity(aws.Role):
		return ending.Usagef("--role: %q is not the ARN of an identity, such as arn:aws:iam::123456789012:role/NAME", aws.Role)
	case c.session.Sandbox.On && aws.EndpointURL != "":
		return ending.Usagef("--sandbox and --endpoint-url exclude each other")
	}
	return cli.CheckEndpoint(aws.EndpointURL)
}

var errNegative = ending.UsageError{
	Err: fmt.Errorf("--parallelism, --max-concurrent-regions, --failure-tolerance, --timeout and --lock-timeout can't be negative"),
}

// question is asked before anything is changed, unless that was agreed to.
func (c common) question(text, word string) terminal.Question {
	return terminal.Question{Text: text, Word: word, Skip: c.agreed, Free: c.session.Sandbox.On}
}

// asked is a copy for a command that asks before it changes anything.
func (c *common) asked(yes bool) common {
	of := *c
	of.agreed = yes
	return of
}
