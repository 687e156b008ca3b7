package bootstrap

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/policy"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

const (
	planRole  = "provision-web-plan"
	applyRole = "provision-web-apply"
)

// account is one of a sandbox, where no team has been yet.
func account(t *testing.T) Bootstrap {
	t.Helper()
	return Bootstrap{
		API: sandboxtest.New(t, sandbox.Options{}).IAM,
		Scope: policy.Scope{
			Stack: "web", Name: "provision-web", Account: sandbox.DefaultAccount, Partition: "aws", Regions: []string{"eu-west-1"},
		},
		GitHub: policy.GitHub{Repository: "example/web", Branch: "main", Environment: "production"},
	}
}

// in runs a test in a bubble, where the sandbox's time passes at once.
func in(do func(*testing.T, Bootstrap)) func(*testing.T) {
	return func(t *testing.T) { synctest.Test(t, func(t *testing.T) { do(t, account(t)) }) }
}

// IAM does not know at once what it has made.
func TestRolesThatAreNewAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := account(t)
		b.API = sandboxtest.New(t, sandbox.Options{UseLag: 10 * time.Second}).IAM
		steps, err := b.Plan(t.Context())
		must(t, err)
		must(t, Do(t.Context(), steps))
		again, err := b.Plan(t.Context())
		if len(again) > 0 || err != nil {
			t.Errorf("left to do: %v, %v", again, err)
		}
	})
}

// mustPlan checks what is planned, and does it.
func mustPlan(t *testing.T, steps []Step, err error, want ...string) {
	t.Helper()
	var got []string
	for _, s := range steps {
		got = append(got, s.What)
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("%v, planned (-want +got):\n%s", err, diff)
	}
	if err := Do(t.Context(), steps); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMakesWhatIsMissingAndRemovesItAgain(t *testing.T) {
	in(func(t *testing.T, b Bootstrap) {
		steps, err := b.Plan(t.Context())
		mustPlan(t, steps, err, "create the identity provider token.actions.githubusercontent.com",
			"create the role provision-web-plan", "add to the role provision-web-plan its policy",
			"create the role provision-web-apply", "add to the role provision-web-apply its policy")
		steps, err = b.Plan(t.Context())
		mustPlan(t, steps, err)

		steps, err = b.PlanRemoval(t.Context())
		mustPlan(t, steps, err, "remove the role provision-web-plan", "remove the role provision-web-apply",
			"remove the identity provider token.actions.githubusercontent.com")
		steps, err = b.PlanRemoval(t.Context())
		mustPlan(t, steps, err)
	})(t)
}

// Only differences are changed: permissions that were added to a role by hand are removed.
func TestBringsBackWhatDiffers(t *testing.T) {
	for name, tc := range map[string]struct {
		differ func(*testing.T, *Bootstrap)
		want   []string
	}{
		"the regions": {
			func(_ *testing.T, b *Bootstrap) { b.Scope.Regions = []string{"eu-west-1", "us-east-1"} },
			[]string{"change the policy of the role provision-web-plan", "change the policy of the role provision-web-apply"},
		},
		"the environment": {
			func(_ *testing.T, b *Bootstrap) { b.GitHub.Environment = "live" },
			[]string{"change who may assume the role provision-web-apply"},
		},
		"a policy that is gone": {
			func(t *testing.T, b *Bootstrap) {
				_, err := b.API.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{
					RoleName: aws.String(planRole), PolicyName: aws.String(policyName),
				})
				must(t, err)
			},
			[]string{"change the policy of the role provision-web-plan"},
		},
		"a trust that somebody widened": {
			func(t *testing.T, b *Bootstrap) {
				_, err := b.API.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
					RoleName: aws.String(applyRole), PolicyDocument: aws.String(policy.TrustAccount(b.Scope).Compact()),
				})
				must(t, err)
			},
			[]string{"change who may assume the role provision-web-apply"},
		},
	} {
		t.Run(name, in(func(t *testing.T, b Bootstrap) {
			steps, err := b.Plan(t.Context())
			must(t, errors.Join(err, Do(t.Context(), steps)))
			tc.differ(t, &b)
			steps, err = b.Plan(t.Context())
			mustPlan(t, steps, err, tc.want...)
			steps, err = b.Plan(t.Context())
			mustPlan(t, steps, err)
		}))
	}
}

func (b Bootstrap) makeRole(t *testing.T, name string, trust policy.Document) {
	t.Helper()
	_, err := b.API.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(trust.Compact()),
	})
	must(t, err)
}

func TestLeavesOthersRolesAlone(t *testing.T) {
	in(func(t *testing.T, b Bootstrap) {
		b.makeRole(t, applyRole, policy.TrustAccount(b.Scope))
		for what, plan := range map[string]func() ([]Step, error){
			"bootstrap": func() ([]Step, error) { return b.Plan(t.Context()) },
			"removal":   func() ([]Step, error) { return b.PlanRemoval(t.Context()) },
		} {
			steps, err := plan()
			foreign, is := errors.AsType[*ForeignError](err)
			if !is || steps != nil || !strings.Contains(foreign.Error(), applyRole) {
				t.Errorf("%s: %d steps, %v", what, len(steps), err)
			}
		}
	})(t)
}

// An account has one provider for an issuer: removing it would lock out every other role that trusts it.
func TestKeepsAProviderThatOthersUse(t *testing.T) {
	for name, tc := range map[string]struct {
		before, after func(*testing.T, Bootstrap)
	}{
		"another team's role trusts it": {
			after: func(t *testing.T, b Bootstrap) { b.makeRole(t, "deploy", policy.Trust(b.Scope, b.GitHub)) },
		},
		"another team made it": {
			before: func(t *testing.T, b Bootstrap) {
				_, err := b.API.CreateOpenIDConnectProvider(t.Context(), &iam.CreateOpenIDConnectProviderInput{
					Url: aws.String("https://" + policy.GitHubHost), ClientIDList: []string{policy.GitHubAudience},
				})
				must(t, err)
			},
		},
	} {
		t.Run(name, in(func(t *testing.T, b Bootstrap) {
			if tc.before != nil {
				tc.before(t, b)
			}
			steps, err := b.Plan(t.Context())
			must(t, errors.Join(err, Do(t.Context(), steps)))
			if tc.after != nil {
				tc.after(t, b)
			}
			steps, err = b.PlanRemoval(t.Context())
			mustPlan(t, steps, err, "remove the role provision-web-plan", "remove the role provision-web-apply")
			if found, err := b.provider(t.Context()); err != nil || found == nil {
				t.Errorf("the provider: %v, %v", found, err)
			}
		}))
	}
}

func TestDoSaysWhatFailed(t *testing.T) {
	in(func(t *testing.T, b Bootstrap) {
		first, err := b.Plan(t.Context())
		must(t, errors.Join(err, Do(t.Context(), first)))
		err = Do(t.Context(), first) // by now all is there
		if err == nil || !strings.HasPrefix(err.Error(), first[0].What+": ") {
			t.Errorf("got %v", err)
		}
	})(t)
}
