package policy

import "fmt"

// GitHubHost is the issuer of the tokens of GitHub Actions, without its scheme.
const GitHubHost = "token.actions.githubusercontent.com"

// GitHubAudience is whom the tokens are for, see "OpenID Connect in Amazon Web Services" in GitHub's documentation.
const GitHubAudience = "sts.amazonaws.com"

// GitHub says which workflows are meant.
type GitHub struct {
	Repository  string // org/repo
	Branch      string // empty: whatever the environment lets through
	Environment string // empty: none is asked for; then Branch is needed
}

// subject is the "sub" claim of the tokens. A job that names an environment has that in its claim and no branch: which
// branches may use it, the environment's own rules say.
func (g GitHub) subject() string {
	if g.Environment != "" {
		return "repo:" + g.Repository + ":environment:" + g.Environment
	}
	return "repo:" + g.Repository + ":ref:refs/heads/" + g.Branch
}

// Trust lets the workflows of a repository assume a role, by OpenID Connect: no key is stored anywhere.
func Trust(s Scope, g GitHub) Document {
	condition := equals(GitHubHost+":aud", GitHubAudience)
	condition["StringEquals"][GitHubHost+":sub"] = []string{g.subject()}
	return document(Statement{
		Effect: "Allow", Action: []string{"sts:AssumeRoleWithWebIdentity"}, Condition: condition,
		Principal: map[string]string{"Federated": s.arn(fmt.Sprintf("iam::%s:oidc-provider/%s", s.Account, GitHubHost))},
	})
}

// TrustAccount lets the account's own people and roles assume a role, as far as their own policies allow it.
func TrustAccount(s Scope) Document {
	return document(Statement{
		Effect: "Allow", Action: []string{"sts:AssumeRole"},
		Principal: map[string]string{"AWS": s.arn("iam::" + s.Account + ":root")},
	})
}

// TrustPlan lets the account's own people assume a role, and the workflows of pull requests and of the branch: both
// only look. Pull requests from forks get no token.
func TrustPlan(s Scope, g GitHub) Document {
	subjects := []string{"repo:" + g.Repository + ":pull_request"}
	if g.Branch != "" {
		subjects = append(subjects, "repo:"+g.Repository+":ref:refs/heads/"+g.Branch)
	}
	both := TrustAccount(s)
	both.Statement = append(both.Statement, Trust(s, g).Statement...)
	both.Statement[1].Condition["StringEquals"][GitHubHost+":sub"] = subjects
	return both
}
