package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/bootstrap"
	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/policy"
	"provision/pkg/stack"
	"provision/pkg/state"
)

func newIAM(t terminal, f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "iam",
		Short: "The roles and policies that a team and its pipeline need",
		Args:  commandNeeded,
		RunE:  showHelp,
	}
	cmd.AddCommand(
		newPolicy(t, f, "plan-policy", "Print the policy of a role that only looks", policy.Plan),
		newPolicy(t, f, "apply-policy", "Print the policy of a role that makes, changes and removes the stack", policy.Apply),
		newTrust(t, f), newBootstrap(t, f),
	)
	return cmd
}

func newPolicy(t terminal, f *flags, name, short string, of func(policy.Scope) policy.Document) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: short,
		Long: short + ".\nIt is limited to the stack's name, the regions, and the state's place in S3 if that is where\n" +
			"it is. The account is that of the credentials, or of --account, which needs none.",
		Example: "  provision iam " + name + " --account 123456789012 --regions eu-west-1,us-east-1 \\\n" +
			"    --state s3://example-states/prod",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withScope(cmd.Context(), t, f, false, func(_ *session, scope policy.Scope) error {
				_, err := fmt.Fprintln(t.out, of(scope).JSON())
				return err
			})
		},
	}
}

var repository = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$`)

// addGitHub adds the flags that say which workflows are meant.
func addGitHub(cmd *cobra.Command, g *policy.GitHub) {
	cmd.Flags().StringVar(&g.Repository, "github", "", "repository whose workflows may assume the role, as org/repo")
	cmd.Flags().StringVar(&g.Branch, "branch", "", "branch that they must run on")
	cmd.Flags().StringVar(&g.Environment, "environment", "", "environment that they must use, with its approvals")
}

func checkGitHub(t terminal, g policy.GitHub) error {
	switch {
	case g.Repository == "":
		return usageError{errors.New("say --github org/repo: the repository whose workflows may assume the role")}
	case !repository.MatchString(g.Repository):
		return usageError{fmt.Errorf("--github: %q is not of the form org/repo", g.Repository)}
	case g.Branch == "" && g.Environment == "":
		return usageError{errors.New(
			"say --branch or --environment: else any workflow of the repository could change the stack")}
	case g.Branch != "" && g.Environment != "":
		fmt.Fprintf(t.err, "note: the token of a job with an environment names no branch: limit the deployment branches of "+
			"the environment %s to %s\n", g.Environment, g.Branch)
	}
	return nil
}

func newTrust(t terminal, f *flags) *cobra.Command {
	g := policy.GitHub{}
	cmd := &cobra.Command{
		Use:     "trust",
		Short:   "Print the trust policy of a role that only a pipeline may assume",
		Example: "  provision iam trust --account 123456789012 --github org/repo --environment production",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkGitHub(t, g); err != nil {
				return err
			}
			return withScope(cmd.Context(), t, f, false, func(_ *session, scope policy.Scope) error {
				_, err := fmt.Fprintln(t.out, policy.Trust(scope, g).JSON())
				return err
			})
		},
	}
	addGitHub(cmd, &g)
	return cmd
}

func newBootstrap(t terminal, f *flags) *cobra.Command {
	g, remove := policy.GitHub{}, false
	cmd := &cobra.Command{
		Use:   "bootstrap",
		Short: "Make the roles of a team and its pipeline, and the identity provider between them",
		Long: "bootstrap makes two roles and the identity provider of GitHub Actions, after showing what it would do:\n" +
			"one role that looks, for the account's people and for pull requests, and one that works, for the pipeline\n" +
			"alone. Run it again after the settings changed, and with --remove to take all of it away. It is for an\n" +
			"administrator, once an account.",
		Example: "  provision iam bootstrap --github org/repo --branch main --environment production\n" +
			"  provision iam bootstrap --github org/repo --environment production --remove",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkGitHub(t, g); err != nil {
				return err
			}
			return withScope(cmd.Context(), t, f, true, func(s *session, scope policy.Scope) error {
				return s.bootstrap(cmd.Context(), t, f, scope, g, remove)
			})
		},
	}
	addGitHub(cmd, &g)
	f.addYes(cmd.Flags())
	cmd.Flags().BoolVar(&remove, "remove", false, "remove what bootstrap made")
	return cmd
}

func (s *session) bootstrap(
	ctx context.Context, t terminal, f *flags, scope policy.Scope, g policy.GitHub, remove bool,
) error {
	if err := s.identify(ctx, f, s.anyRegion()); err != nil {
		return err
	}
	b := bootstrap.Bootstrap{API: s.cloud.IAM(s.anyRegion()), Scope: scope, GitHub: g}
	plan := b.Plan
	if remove {
		plan = b.PlanRemoval
	}
	steps, err := plan(ctx)
	if is[*bootstrap.ForeignError](err) {
		return refusedError{err}
	}
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		_, err := fmt.Fprintln(t.out, "Nothing is to be done.")
		return err
	}
	for _, step := range steps {
		fmt.Fprintln(t.err, "  "+step.What)
	}
	if err := confirm(ctx, t, f, "Do this in account "+scope.Account+"?", yes); err != nil {
		return err
	}
	if err := bootstrap.Do(ctx, steps); err != nil {
		return err
	}
	if remove {
		_, err = fmt.Fprintln(t.out, "It is removed.")
		return err
	}
	lead := "arn:" + scope.Partition + ":iam::" + scope.Account + ":role/" + scope.Name
	_, err = fmt.Fprintf(t.out, "%s-plan\n%s-apply\n", lead, lead)
	return err
}

// withScope finds out what policies are to be limited to. With --account that needs no credentials.
func withScope(ctx context.Context, t terminal, f *flags, writes bool, do func(*session, policy.Scope) error) (err error) {
	s := &session{}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	if s.config, err = f.loadConfig(); err != nil {
		return err
	}
	if err := s.connect(ctx, t, f); err != nil {
		return err
	}
	if writes {
		if err := s.expectsSomebody(f); err != nil {
			return err
		}
	}
	account := f.account
	if account == "" {
		if err := s.identify(ctx, f, s.anyRegion()); err != nil {
			return err
		}
		account = s.identity.Account
	}
	scope := policy.Scope{
		Stack: s.config.Name, Name: (&stack.Stack{Config: s.config}).Name(), Account: account,
		Partition: cloud.Partition(s.anyRegion()), Regions: s.config.Regions,
	}
	if scope.Images, err = ownImages(s.config); err != nil {
		return err
	}
	if s.config.Target.RoleARN == "" { // else the role is not what the state is kept with
		scope.Bucket, scope.Prefix, _ = state.ParseS3URL(s.config.State.S3)
		scope.KMSKey = s.config.State.KMSKey
	}
	return do(s, scope)
}

// ownImages are the parameters of the account itself that the settings take images from.
func ownImages(c *config.Config) ([]string, error) {
	var names []string
	for _, region := range c.Regions {
		settings, err := c.Region(region)
		if err != nil {
			return nil, err
		}
		name := compute.ImageParameter(settings.Compute.AMI, settings.Compute.Type)
		if name != "" && !strings.HasPrefix(name, "/aws/service/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
