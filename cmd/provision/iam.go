package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/spf13/cobra"

	"provision/pkg/bootstrap"
	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/policy"
	"provision/pkg/terminal"
)

func newIAM(t terminal.Terminal, c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "iam",
		Short: "Create the roles of a pipeline, or print their policies",
		Args:  cli.CommandNeeded,
		RunE:  cli.ShowHelp,
	}
	cmd.AddCommand(
		newPolicy(t, c, "plan-policy", "Print the policy of a role that only reads", policy.Plan),
		newPolicy(t, c, "apply-policy", "Print the policy of a role that creates, updates and removes the stack", policy.Apply),
		newTrust(t, c), newBootstrap(t, c, runBootstrap),
	)
	return cmd
}

func newPolicy(t terminal.Terminal, c *common, name, short string, of func(policy.Scope) policy.Document) *cobra.Command {
	o := scopeOptions{}
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Long: short + ".\nIt is limited to the stack's name, the regions, and the state's place in S3 if that is where\n" +
			"it is. The account is that of the credentials, or of --account, which needs none.",
		Example: "  provision iam " + name + " --account 123456789012 --regions eu-west-1,us-east-1 \\\n" +
			"    --state s3://example-states/prod",
		Args: cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withScope(cmd.Context(), t, *c, o, func(_ *opened, scope policy.Scope) error {
				_, err := fmt.Fprintln(t.Out, of(scope).JSON())
				return err
			})
		},
	}
	o.add(cmd)
	return cmd
}

var repository = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$`)

// addGitHub adds the flags that say which workflows are meant.
func addGitHub(cmd *cobra.Command, g *policy.GitHub) {
	cmd.Flags().StringVar(&g.Repository, "github", "", "repository whose workflows may assume the role, as org/repo")
	cmd.Flags().StringVar(&g.Branch, "branch", "", "branch that they must run on")
	cmd.Flags().StringVar(&g.Environment, "environment", "", "environment that they must use, with its approvals")
}

func checkGitHub(t terminal.Terminal, g policy.GitHub) error {
	switch {
	case g.Repository == "":
		return ending.Usagef("pass --github org/repo: the repository whose workflows may assume the role")
	case !repository.MatchString(g.Repository):
		return ending.Usagef("--github: %q is not of the form org/repo", g.Repository)
	case g.Branch == "" && g.Environment == "":
		return ending.Usagef(
			"pass --branch or --environment: otherwise any workflow of the repository could change the stack")
	case g.Branch != "" && g.Environment != "":
		fmt.Fprintf(t.Err, "note: the token of a job with an environment names no branch: limit the deployment branches of "+
			"the environment %s to %s\n", g.Environment, g.Branch)
	}
	return nil
}

func newTrust(t terminal.Terminal, c *common) *cobra.Command {
	g := policy.GitHub{}
	cmd := &cobra.Command{
		Use:     "trust",
		Short:   "Print the trust policy of a role that only a pipeline may assume",
		Example: "  provision iam trust --account 123456789012 --github org/repo --environment production",
		Args:    cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkGitHub(t, g); err != nil {
				return err
			}
			return withScope(cmd.Context(), t, *c, scopeOptions{}, func(_ *opened, scope policy.Scope) error {
				_, err := fmt.Fprintln(t.Out, policy.Trust(scope, g).JSON())
				return err
			})
		},
	}
	addGitHub(cmd, &g)
	return cmd
}

// bootstrapOptions are what `iam bootstrap` takes.
type bootstrapOptions struct {
	common
	scope  scopeOptions
	github policy.GitHub
	remove bool
}

func newBootstrap(t terminal.Terminal, c *common, run command[bootstrapOptions]) *cobra.Command {
	o, yes := bootstrapOptions{scope: scopeOptions{writes: true}}, false
	cmd := &cobra.Command{
		Use:   "bootstrap",
		Short: "Create the roles of a team and its pipeline, and the identity provider between them",
		Long: "bootstrap creates two roles and the identity provider of GitHub Actions, after showing what it would do:\n" +
			"one role that reads, for the account's people and for pull requests, and one that writes, for the pipeline\n" +
			"alone. Run it again after the settings changed, and with --remove to delete all of it. It is for an\n" +
			"administrator, once per account.",
		Example: "  provision iam bootstrap --github org/repo --branch main --environment production\n" +
			"  provision iam bootstrap --github org/repo --environment production --remove",
		Args: cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o := o
			o.common = c.asked(yes)
			if err := checkGitHub(t, o.github); err != nil {
				return err
			}
			return run(cmd.Context(), t, o)
		},
	}
	addGitHub(cmd, &o.github)
	o.scope.add(cmd)
	addYes(cmd.Flags(), &yes)
	cmd.Flags().BoolVar(&o.remove, "remove", false, "delete the roles and the provider that bootstrap created")
	return cmd
}

func runBootstrap(ctx context.Context, t terminal.Terminal, o bootstrapOptions) error {
	return withScope(ctx, t, o.common, o.scope, func(s *opened, scope policy.Scope) error {
		if err := s.Identify(ctx, s.AnyRegion()); err != nil {
			return err
		}
		b := bootstrap.Bootstrap{API: s.Cloud.IAM(s.AnyRegion()), Scope: scope, GitHub: o.github}
		plan := b.Plan
		if o.remove {
			plan = b.PlanRemoval
		}
		steps, err := plan(ctx)
		if is[*bootstrap.ForeignError](err) {
			return ending.RefusedError{Err: err}
		}
		if err != nil {
			return err
		}
		return o.do(ctx, t, scope, steps)
	})
}

// do shows the steps, asks, and carries them out.
func (o bootstrapOptions) do(ctx context.Context, t terminal.Terminal, scope policy.Scope, steps []bootstrap.Step) error {
	if len(steps) == 0 {
		_, err := fmt.Fprintln(t.Out, "There is nothing to do.")
		return err
	}
	for _, step := range steps {
		t.Notef("  %s", step.What)
	}
	if err := t.Confirm(ctx, o.question("Do this in account "+scope.Account+"?", terminal.Yes)); err != nil {
		return err
	}
	if err := bootstrap.Do(ctx, steps); err != nil {
		return err
	}
	if o.remove {
		_, err := fmt.Fprintln(t.Out, "It is removed.")
		return err
	}
	lead := "arn:" + scope.Partition + ":iam::" + scope.Account + ":role/" + scope.Name
	_, err := fmt.Fprintf(t.Out, "%s-plan\n%s-apply\n", lead, lead)
	return err
}
