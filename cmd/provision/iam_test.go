package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/ending"
	"provision/pkg/policy"
	"provision/pkg/sandbox"
)

var production = []string{"--github", "org/repo", "--branch", "main", "--environment", "production"}

// workflow is a process in a job of GitHub Actions that asks for a role by its token; the error is STS's.
func (w *world) workflow(role, subject string) (runner, error) {
	w.Helper()
	claims := `{"iss":"https://` + policy.GitHubHost + `","aud":"` + policy.GitHubAudience + `","sub":"` + subject + `"}`
	client := sts.NewFromConfig(aws.Config{
		Region: "eu-west-1", HTTPClient: w.box,
		Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "secret", ""),
	})
	out, err := client.AssumeRoleWithWebIdentity(w.Context(), &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: aws.String(role), RoleSessionName: aws.String("run-1"),
		WebIdentityToken: aws.String("e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"),
	})
	if err != nil {
		return runner{}, err
	}
	return runner{client: w.box, key: *out.Credentials.AccessKeyId}, nil
}

// From nothing to a pipeline and back: the roles are made, workflows assume what is theirs and nothing else, the stack
// comes and goes, and then the roles do.
func TestBootstrap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{EnforceIAM: true}, wholeStack)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		bootstrap := append([]string{"iam", "bootstrap", "--state", inS3}, production...)
		w.mutations()
		w.says(w.must(ending.Declined, runner{client: w.box, key: sandbox.DefaultAccount, answer: "no\n"}.run(w, bootstrap...)),
			"create the identity provider", "create the role provision-web-plan", "create the role provision-web-apply")
		if made := w.mutations(); len(made) > 0 {
			t.Errorf("calls though it was declined: %v", made)
		}
		roles := strings.Fields(w.must(ending.Done, w.run(append(bootstrap, "--yes")...)).out)
		if len(roles) != 2 {
			t.Fatalf("roles: %v", roles)
		}
		if again := w.must(ending.Done, w.run(append(bootstrap, "--yes")...)); !strings.Contains(again.out, "There is nothing to do") {
			t.Errorf("a second bootstrap: %s%s", again.out, again.err)
		}
		for _, c := range []struct {
			role, subject string
			ok            bool
		}{
			{roles[0], "repo:org/repo:pull_request", true},
			{roles[0], "repo:other/repo:pull_request", false},
			{roles[1], "repo:org/repo:pull_request", false},
			{roles[1], "repo:org/repo:ref:refs/heads/main", false},
			{roles[1], "repo:org/repo:environment:production", true},
		} {
			if _, err := w.workflow(c.role, c.subject); (err == nil) != c.ok {
				t.Errorf("%s as %s: %v", c.subject, c.role, err)
			}
		}
		reviewer, err := w.workflow(roles[0], "repo:org/repo:pull_request")
		if err != nil {
			t.Fatal(err)
		}
		pipeline, err := w.workflow(roles[1], "repo:org/repo:environment:production")
		if err != nil {
			t.Fatal(err)
		}
		w.must(ending.Changes, reviewer.inS3(w, "plan", "--detailed-exitcode"))
		w.must(ending.Refused, reviewer.inS3(w, "up", "--yes"))
		w.must(ending.Done, pipeline.inS3(w, "up", "--yes", "--role", "arn:aws:iam::*:role/provision-web-apply"))
		w.must(ending.Done, pipeline.inS3(w, "down", "--yes"))

		w.must(ending.Done, w.run(append(bootstrap, "--remove", "--yes")...))
		if diff := cmp.Diff(map[string]int{}, w.things()); diff != "" {
			t.Errorf("left after the roles were removed:\n%s", diff)
		}
	})
}

func TestBootstrapFollowsTheSettings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "name: web\nregions: [eu-west-1]\n")
		bootstrap := append([]string{"iam", "bootstrap", "--yes"}, production...)
		w.must(ending.Done, w.run(bootstrap...))
		w.settings("name: web\nregions: [eu-west-1, us-east-1]\n")
		got := w.must(ending.Done, w.run(bootstrap...))
		w.says(got, "change the policy of the role provision-web-plan", "change the policy of the role provision-web-apply")
		got = w.must(ending.Done, w.run("iam", "bootstrap", "--yes", "--github", "org/other", "--environment", "production"))
		w.says(got, "change who may assume the role provision-web-apply")
	})
}

// Resources of others are neither changed nor removed, and those that others use stay.
func TestBootstrapLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "name: web\n")
		w.must(ending.Done, w.run(append([]string{"iam", "bootstrap", "--yes"}, production...)...))
		w.settings("name: db\n")
		w.must(ending.Done, w.run(append([]string{"iam", "bootstrap", "--yes"}, production...)...))
		w.settings("name: web\n")
		got := w.must(ending.Done, w.run(append([]string{"iam", "bootstrap", "--yes", "--remove"}, production...)...))
		if strings.Contains(got.err, "identity provider") {
			t.Errorf("the identity provider is removed while another stack uses it:\n%s", got.err)
		}
		admin := iam.NewFromConfig(aws.Config{
			Region: "eu-west-1", HTTPClient: w.box,
			Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "secret", ""),
		})
		if _, err := admin.CreateRole(t.Context(), &iam.CreateRoleInput{
			RoleName: aws.String("provision-web-apply"), AssumeRolePolicyDocument: aws.String(policy.TrustAccount(wholeScope).JSON()),
		}); err != nil {
			t.Fatal(err)
		}
		before := w.things()
		for _, args := range [][]string{nil, {"--remove"}} {
			got := w.must(ending.Refused, w.run(append(append([]string{"iam", "bootstrap", "--yes"}, production...), args...)...))
			w.says(got, "the role provision-web-apply exists but bootstrap did not create it")
		}
		if diff := cmp.Diff(before, w.things()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPoliciesAreJSON(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, wholeStack)
		for _, args := range [][]string{
			{"iam", "plan-policy"}, {"iam", "apply-policy"}, append([]string{"iam", "trust"}, production...),
		} {
			got := w.must(ending.Done, w.run(append(args, "--account", "999999999999", "--state", inS3)...))
			var d policy.Document
			if err := json.Unmarshal([]byte(got.out), &d); err != nil || len(d.Statement) == 0 {
				t.Errorf("%v: %v\n%s", args, err, got.out)
			}
			if !strings.Contains(got.out, "999999999999") {
				t.Errorf("%v names another account:\n%s", args, got.out)
			}
		}
		if calls := w.box.Calls(); len(calls) > 0 {
			t.Errorf("printing a policy called %v", calls)
		}
		for _, args := range [][]string{
			{"--github", "org"}, {"--github", "org/repo"}, {"--branch", "main"}, {"--github", "org/repo/x", "--branch", "main"},
		} {
			w.must(ending.Usage, w.run(append([]string{"iam", "trust", "--account", "999999999999"}, args...)...))
		}
	})
}
