package sandbox_test

import (
	"encoding/base64"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"provision/pkg/sandbox"
)

// caller asks who has the given credentials.
func caller(t *testing.T, s *sandbox.Sandbox, key string) (*sts.GetCallerIdentityOutput, error) {
	t.Helper()
	config := awsConfig(s, "eu-west-1")
	config.Credentials = credentials.NewStaticCredentialsProvider(key, "secret", "")
	return sts.NewFromConfig(config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
}

func trustOf(principal, action string) *string {
	return aws.String(`{"Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `"}]}`)
}

func TestCallerIdentity(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	for key, account := range map[string]string{"test": "123456789012", "000011112222": "000011112222"} {
		got := must[*sts.GetCallerIdentityOutput](t)(caller(t, s, key))
		if *got.Account != account || *got.Arn != "arn:aws:iam::"+account+":user/sandbox" {
			t.Errorf("%s is %s in %s", key, *got.Arn, *got.Account)
		}
	}
}

func TestAssumeRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.Options{})
		client, admin := sts.NewFromConfig(awsConfig(s, "eu-west-1")), iamClient(s)
		made := do(t, admin.CreateRole, &iam.CreateRoleInput{
			RoleName:                 aws.String("provision-ci"),
			AssumeRolePolicyDocument: trustOf(`{"AWS":"arn:aws:iam::123456789012:root"}`, "sts:AssumeRole"),
		})
		in := &sts.AssumeRoleInput{
			RoleArn: made.Role.Arn, RoleSessionName: aws.String("run-1"), DurationSeconds: aws.Int32(900),
		}
		out := do(t, client.AssumeRole, in)
		if got := time.Until(*out.Credentials.Expiration); got < 899*time.Second || got > 900*time.Second {
			t.Errorf("expires in %s", got)
		}
		who := must[*sts.GetCallerIdentityOutput](t)(caller(t, s, *out.Credentials.AccessKeyId))
		if want := "arn:aws:sts::123456789012:assumed-role/provision-ci/run-1"; *who.Arn != want {
			t.Errorf("caller %s, want %s", *who.Arn, want)
		}
		time.Sleep(901 * time.Second)
		_, err := caller(t, s, *out.Credentials.AccessKeyId)
		if got := code(t, err); got != "ExpiredToken" {
			t.Errorf("after the session: %q", got)
		}

		in.DurationSeconds = aws.Int32(7200)
		refused(t, "ValidationError", client.AssumeRole, in)
		madeRole(t, admin, "web")
		refused(t, "AccessDenied", client.AssumeRole, &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::123456789012:role/provision/web"), RoleSessionName: aws.String("run-1"),
		})
	})
}

// A role decides which other accounts may assume it. A caller that does is in the role's account from then on.
func TestAssumeRoleOfAnotherAccount(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	const hub, stranger, target = "000011112222", "000033334444", "000055556666"
	as := func(account string) aws.Config {
		config := awsConfig(s, "eu-west-1")
		config.Credentials = credentials.NewStaticCredentialsProvider(account, "secret", "")
		return config
	}
	role := do(t, iam.NewFromConfig(as(target)).CreateRole, &iam.CreateRoleInput{
		RoleName:                 aws.String("provision-web-apply"),
		AssumeRolePolicyDocument: trustOf(`{"AWS":"arn:aws:iam::`+hub+`:root"}`, "sts:AssumeRole"),
	}).Role
	in := &sts.AssumeRoleInput{RoleArn: role.Arn, RoleSessionName: aws.String("run-1")}
	refused(t, "AccessDenied", sts.NewFromConfig(as(stranger)).AssumeRole, in)
	out := do(t, sts.NewFromConfig(as(hub)).AssumeRole, in)
	who := must[*sts.GetCallerIdentityOutput](t)(caller(t, s, *out.Credentials.AccessKeyId))
	if *who.Account != target || *who.Arn != "arn:aws:sts::"+target+":assumed-role/provision-web-apply/run-1" {
		t.Errorf("who assumed the role is %s in %s", *who.Arn, *who.Account)
	}
}

func TestAssumeRoleWithWebIdentity(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	ctx, client, admin := t.Context(), sts.NewFromConfig(awsConfig(s, "eu-west-1")), iamClient(s)
	claims := `{"iss":"https://token.example.com","sub":"repo:a/b","aud":"sts.amazonaws.com"}`
	token := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	role := do(t, admin.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String("ci"), AssumeRolePolicyDocument: trustOf(
			`{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.example.com"}`, "sts:AssumeRoleWithWebIdentity"),
	}).Role
	assume := func(token string) (*sts.AssumeRoleWithWebIdentityOutput, error) {
		return client.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
			RoleArn: role.Arn, RoleSessionName: aws.String("run"), WebIdentityToken: aws.String(token),
		})
	}
	for why, token := range map[string]string{"no provider": token, "no token": "x", "no claims": "a.b.c"} {
		_, err := assume(token)
		if got := code(t, err); got != (&types.InvalidIdentityTokenException{}).ErrorCode() {
			t.Errorf("%s: %q", why, got)
		}
	}
	provider := do(t, admin.CreateOpenIDConnectProvider, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://token.example.com"), ClientIDList: []string{"sts.amazonaws.com"},
	})
	got := must[*sts.AssumeRoleWithWebIdentityOutput](t)(assume(token))
	if *got.SubjectFromWebIdentityToken != "repo:a/b" || *got.Audience != "sts.amazonaws.com" ||
		*got.Provider != *provider.OpenIDConnectProviderArn {
		t.Errorf("got %+v", got)
	}
	refused(t, "EntityAlreadyExists", admin.CreateOpenIDConnectProvider, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://token.example.com/"),
	})
}
