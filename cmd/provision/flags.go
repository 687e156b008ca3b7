package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/pkg/config"
)

// flags are all that can be said on the command line. Each also has a variable, see [config.EnvName].
type flags struct {
	file    string
	regions []string
	name    string
	state   string

	fleet  fleetFlags
	loaded *config.Config // of the one target that this run is for, if it is one of many

	profile     string
	roleARN     string
	endpointURL string
	account     string
	role        string

	sandbox      bool
	sandboxFile  string
	sandboxSpeed float64
	sandboxFault []string

	output      string
	progress    string
	noColor     bool
	log         logFlags
	timeout     time.Duration
	lockTimeout time.Duration

	yes              bool
	parallelism      int
	maxConcurrent    int
	tolerance        int
	toleranceTyped   bool
	maxDestroy       int
	maxDestroyTyped  bool
	skipVerify       bool
	skipCheck        bool
	refreshAMI       bool
	report           string
	detailedExitCode bool
	destroy          bool
	out              string // where to save the plan
	calls            bool
}

const defaultSandboxFile = ".provision/sandbox.json"

// addGlobal adds what every command takes.
func (f *flags) addGlobal(set *pflag.FlagSet) {
	set.StringVarP(&f.file, "file", "f", "", "settings file (default: provision.yaml, if it is there)")
	set.StringSliceVar(&f.regions, "regions", nil, "regions, separated by commas (default: those of the file, else of the state)")
	set.StringSliceVar(&f.fleet.targets, "targets", nil, "targets of the settings, separated by commas (default: all)")
	set.StringVar(&f.name, "name", "", `name of the stack (default "web")`)
	set.StringVar(&f.state, "state", "", "state: a path, or s3://bucket/prefix (default .provision/NAME.json)")
	set.StringVar(&f.profile, "profile", "", "profile of the AWS configuration")
	set.StringVar(&f.roleARN, "role-arn", "", "role to assume")
	set.StringVar(&f.account, "account", "", "refuse any other account than this one")
	set.StringVar(&f.role, "role", "", "refuse any other role than this one: an ARN, with * and ? as wildcards")
	set.StringVar(&f.endpointURL, "endpoint-url", "", "send all calls here instead of to AWS (as AWS_ENDPOINT_URL)")
	set.BoolVar(&f.sandbox, "sandbox", false, "use the built-in sandbox instead of AWS: no account, no cost")
	set.StringVar(&f.sandboxFile, "sandbox-file", defaultSandboxFile, "where the sandbox keeps its account")
	set.Float64Var(&f.sandboxSpeed, "sandbox-speed", defaultSandboxSpeed, "how many times faster than AWS the sandbox's time goes, from 1 to 10000")
	set.StringArrayVar(&f.sandboxFault, "sandbox-fault", nil, "fault to inject, as region/service:Action#n/mode; may be repeated")
	set.StringVarP(&f.output, "output", "o", "table", "what results look like: table, json or yaml")
	set.StringVar(&f.progress, "progress", "auto", "progress on stderr: auto, grid, plain, json or none")
	set.BoolVar(&f.noColor, "no-color", false, "no colours (as NO_COLOR)")
	f.log.add(set)
	set.DurationVar(&f.timeout, "timeout", 0, "stop after this long, e.g. 45m (default: none)")
	set.DurationVar(&f.lockTimeout, "lock-timeout", 0, "how long to wait for somebody else's run (default: do not wait)")
	_ = set.MarkHidden("sandbox-fault")
}

// addWrite adds what the commands take that change something.
func (f *flags) addWrite(set *pflag.FlagSet) {
	f.addYes(set)
	set.StringVar(&f.report, "report", "", "file to write how it ended to: JSON, or JUnit's XML if its name ends in .xml")
	set.IntVar(&f.parallelism, "parallelism", 0, "resources of a region worked on at once (default: no limit)")
	set.IntVar(&f.maxConcurrent, "max-concurrent-regions", 0, "regions worked on at once (default: all)")
}

// addYes adds what every command takes that asks.
func (f *flags) addYes(set *pflag.FlagSet) {
	set.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	set.BoolVar(&f.yes, "auto-approve", false, "the same as --yes")
	_ = set.MarkHidden("auto-approve")
}

// settings are flags that package config takes from their variables by itself.
var settings = map[string]bool{
	"name": true, "regions": true, "state": true, "max-concurrent-regions": true, "failure-tolerance": true,
	"max-concurrent-targets": true, "max-destroy": true,
}

// fromEnvironment takes flags that were not typed from their variables, then checks what flags can be checked for.
func (f *flags) fromEnvironment(cmd *cobra.Command) error {
	if err := f.checkTyped(cmd); err != nil {
		return err
	}
	var problem error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		value := os.Getenv(config.EnvName(flag.Name))
		if value == "" || flag.Changed || settings[flag.Name] || flag.Name == versionFlag || problem != nil {
			return
		}
		if err := cmd.Flags().Set(flag.Name, value); err != nil {
			problem = usageError{fmt.Errorf("%s: %w", config.EnvName(flag.Name), wrongValue(err))}
		}
	})
	if problem != nil {
		return problem
	}
	f.maxDestroyTyped = cmd.Flags().Changed("max-destroy")
	f.toleranceTyped = cmd.Flags().Changed("failure-tolerance")
	if err := f.checkOutput(cmd); err != nil {
		return err
	}
	return f.check()
}

// checkTyped refuses what was typed and says nothing. An empty value is a variable that nobody set: `down --regions
// "$REGION"` must not remove every region. And who tunes the sandbox does not mean a real account.
func (f *flags) checkTyped(cmd *cobra.Command) error {
	var problem error
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		text := flag.Value.String()
		switch inSandbox := f.sandbox || cmd.HasParent() && cmd.Parent().Name() == "sandbox"; {
		case problem != nil:
		case text == "" || text == "[]":
			problem = usageError{fmt.Errorf("--%s is empty: leave it out if that is what you mean", flag.Name)}
		case strings.HasPrefix(flag.Name, "sandbox-") && !inSandbox && os.Getenv(config.EnvName("sandbox")) == "":
			problem = usageError{fmt.Errorf("--%s is of the sandbox, and the run would be of AWS: say --sandbox, too", flag.Name)}
		}
	})
	return problem
}

func (f *flags) check() error {
	if !slices.Contains(progressModes, f.progress) {
		return usageError{fmt.Errorf("--progress: %q is none of %s", f.progress, strings.Join(progressModes, ", "))}
	}
	if f.parallelism < 0 || f.maxConcurrent < 0 || f.tolerance < 0 || f.timeout < 0 || f.lockTimeout < 0 {
		return usageError{fmt.Errorf("--parallelism, --max-concurrent-regions, --failure-tolerance, --timeout and --lock-timeout can't be negative")}
	}
	if f.fleet.maxConcurrent < 0 || f.fleet.shards < 0 {
		return usageError{fmt.Errorf("--max-concurrent-targets and --shards can't be negative")}
	}
	if f.maxDestroy < 0 {
		return usageError{fmt.Errorf("--max-destroy can't be negative")}
	}
	if err := f.log.check(); err != nil {
		return err
	}
	if !(f.sandboxSpeed >= 1 && f.sandboxSpeed <= maxSandboxSpeed) { // NaN is neither
		return usageError{fmt.Errorf("--sandbox-speed: %g is not from 1 to %d", f.sandboxSpeed, maxSandboxSpeed)}
	}
	if f.account != "" && !config.IsAccountID(f.account) {
		return usageError{fmt.Errorf("--account: %q is not an account ID of 12 digits", f.account)}
	}
	if f.role != "" && !config.IsIdentity(f.role) {
		return usageError{fmt.Errorf("--role: %q is not the ARN of an identity, such as arn:aws:iam::123456789012:role/NAME", f.role)}
	}
	if f.sandbox && f.endpointURL != "" {
		return usageError{fmt.Errorf("--sandbox and --endpoint-url exclude each other")}
	}
	return checkEndpoint(f.endpointURL)
}
