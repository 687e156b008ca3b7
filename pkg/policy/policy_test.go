package policy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/kinds"
	"provision/pkg/policy"
)

var scope = policy.Scope{
	Stack: "web", Name: "provision-web", Account: "123456789012", Partition: "aws", Regions: []string{"eu-west-1", "us-east-1"},
	Bucket: "example-states", Prefix: "prod", KMSKey: "alias/states", Settings: everySetting(),
}

// everySetting are all that bring kinds with them, so that no call of an optional kind is left out.
func everySetting() (all []string) {
	for _, r := range kinds.All() {
		if r.Setting != "" {
			all = append(all, r.Setting)
		}
	}
	return all
}

// actions are those that a document allows.
func actions(d policy.Document) []string {
	var all []string
	for _, s := range d.Statement {
		if s.Effect == "Allow" {
			all = append(all, s.Action...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Every call in the code of the resources, of the state and of the commands is allowed to the apply role, or is an
// administrator's; and nothing is allowed that no code calls.
func TestPolicyIsWhatTheCodeCalls(t *testing.T) {
	var want []string
	for _, action := range slices.Concat(declared(t), policy.Implied(), []string{"s3:GetObjectVersion"}) { // GetObject of a version
		if !slices.Contains(policy.Administration(), action) {
			want = append(want, action)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), actions(policy.Apply(scope))); diff != "" {
		t.Errorf("pkg/policy/actions.go (-what the code calls +what the policy allows):\n%s", diff)
	}
	for _, action := range policy.Administration() {
		if !slices.Contains(declared(t), action) {
			t.Errorf("%s is an administrator's, and nothing calls it", action)
		}
	}
}

func TestPlanPolicyOnlyReads(t *testing.T) {
	apply := actions(policy.Apply(scope))
	for _, action := range actions(policy.Plan(scope)) {
		_, name, _ := strings.Cut(action, ":")
		if !cloud.IsRead(name) && action != "kms:Decrypt" {
			t.Errorf("%s is no read", action)
		}
		if !slices.Contains(apply, action) {
			t.Errorf("the apply role may not %s", action)
		}
	}
}

// A role's inline policies have up to 10,240 characters, see "IAM and AWS STS quotas".
func TestPoliciesFitIntoARole(t *testing.T) {
	everywhere := scope
	everywhere.Regions = nil
	for i := range 36 {
		everywhere.Regions = append(everywhere.Regions, "ap-southeast-"+string(rune('a'+i)))
	}
	const inline = 10240
	for name, s := range map[string]policy.Scope{"two regions": scope, "all regions": everywhere} {
		if got := len(policy.Apply(s).Compact()); got > inline {
			t.Errorf("%s: %d characters", name, got)
		} else {
			t.Logf("%s: %d characters", name, got)
		}
	}
	usual := scope
	usual.Settings, usual.KMSKey = nil, ""
	if got := len(strings.Join(strings.Fields(policy.Apply(usual).JSON()), "")); got > inline {
		t.Errorf("as `iam apply-policy` prints it: %d characters", got)
	} else {
		t.Logf("as `iam apply-policy` prints it: %d characters", got)
	}
}

// A creation must set the tag, a resource to change must have it, and no statement allows anything on everything but
// reads and private names.
func TestStatementsAreLimited(t *testing.T) {
	for _, s := range policy.Apply(scope).Statement {
		if s.Effect != "Allow" || !slices.Contains(s.Resource, "*") {
			continue
		}
		for _, action := range s.Action {
			_, name, _ := strings.Cut(action, ":")
			if !cloud.IsRead(name) && action != "route53:AssociateVPCWithHostedZone" {
				t.Errorf("%s allows %s on everything", s.Sid, action)
			}
		}
	}
}

func TestKeyOfTheState(t *testing.T) {
	viaS3 := map[string]policy.List{"kms:ViaService": {"s3.*"}}
	plain := policy.Condition{"StringLike": viaS3}
	alias := policy.Condition{
		"StringLike": viaS3, "ForAnyValue:StringEquals": {"kms:ResourceAliases": {"alias/states"}},
	}
	for _, c := range []struct {
		key, want string
		condition policy.Condition
	}{
		{"1234abcd-12ab", "arn:aws:kms:*:123456789012:key/1234abcd-12ab", plain},
		{"arn:aws:kms:eu-west-1:210987654321:key/12ab", "arn:aws:kms:eu-west-1:210987654321:key/12ab", plain},
		{"alias/states", "arn:aws:kms:*:123456789012:key/*", alias},
		{"arn:aws:kms:eu-west-1:210987654321:alias/states", "arn:aws:kms:eu-west-1:210987654321:key/*", alias},
	} {
		s := scope
		s.KMSKey = c.key
		want := policy.Statement{
			Sid: "ReadKey", Effect: "Allow", Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resource: []string{c.want},
			Condition: c.condition,
		}
		got := slices.DeleteFunc(policy.Apply(s).Statement, func(s policy.Statement) bool { return s.Sid != "ReadKey" })
		if diff := cmp.Diff([]policy.Statement{want}, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.key, diff)
		}
	}
}

func TestTrustOfWorkflows(t *testing.T) {
	for _, c := range []struct {
		name string
		from policy.GitHub
		want string
	}{
		{"a branch", policy.GitHub{Repository: "org/repo", Branch: "main"}, "repo:org/repo:ref:refs/heads/main"},
		{"an environment", policy.GitHub{Repository: "org/repo", Environment: "production"}, "repo:org/repo:environment:production"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := policy.Trust(scope, c.from).Statement[0]
			if diff := cmp.Diff(policy.List{c.want}, s.Condition["StringEquals"][policy.GitHubHost+":sub"]); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(policy.List{policy.GitHubAudience}, s.Condition["StringEquals"][policy.GitHubHost+":aud"]); diff != "" {
				t.Error(diff)
			}
			if want := "arn:aws:iam::123456789012:oidc-provider/" + policy.GitHubHost; s.Principal["Federated"] != want {
				t.Errorf("got %v", s.Principal)
			}
		})
	}
}
