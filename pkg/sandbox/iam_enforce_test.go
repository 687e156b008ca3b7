package sandbox_test

import (
	"encoding/base64"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"provision/pkg/sandbox"
)

// assumed is the configuration of a caller who has assumed a role with the given statements.
func assumed(t *testing.T, s *sandbox.Sandbox, region, statements string) aws.Config {
	t.Helper()
	admin := iamClient(s)
	role := do(t, admin.CreateRole, &iam.CreateRoleInput{
		RoleName:                 aws.String("caller"),
		AssumeRolePolicyDocument: trustOf(`{"AWS":"arn:aws:iam::123456789012:root"}`, "sts:AssumeRole"),
	})
	if statements != "" {
		do(t, admin.PutRolePolicy, &iam.PutRolePolicyInput{
			RoleName: aws.String("caller"), PolicyName: aws.String("all"),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` + statements + `]}`),
		})
	}
	out := do(t, sts.NewFromConfig(awsConfig(s, region)).AssumeRole, &sts.AssumeRoleInput{
		RoleArn: role.Role.Arn, RoleSessionName: aws.String("test"),
	})
	config := awsConfig(s, region)
	config.Credentials = credentials.NewStaticCredentialsProvider(
		*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	return config
}

func vpcFor(stack string) *ec2.CreateVpcInput {
	in := &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}
	if stack != "" {
		in.TagSpecifications = []ec2types.TagSpecification{{
			ResourceType: ec2types.ResourceTypeVpc,
			Tags:         []ec2types.Tag{{Key: aws.String("stack"), Value: aws.String(stack)}},
		}}
	}
	return in
}

func TestEnforcedPoliciesOfCreation(t *testing.T) {
	const (
		create = `{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"*"}`
		ours   = `{"Effect":"Allow","Action":["ec2:CreateVpc","ec2:CreateTags"],"Resource":"*",
			"Condition":{"StringEquals":{"aws:RequestTag/stack":"web"}}}`
		marking        = `{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"StringLike":{"ec2:CreateAction":"Create*"}}}`
		denial         = `{"Effect":"Deny","Action":"ec2:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}}}`
		untaggedDenied = `{"Effect":"Deny","Action":"ec2:CreateVpc","Resource":"*","Condition":{"Null":{"aws:RequestTag/stack":"true"}}}`
	)
	for _, c := range []struct {
		name, statements, stack, want string
	}{
		{"no policy", "", "", "UnauthorizedOperation"},
		{"another action", `{"Effect":"Allow","Action":"ec2:CreateSubnet","Resource":"*"}`, "", "UnauthorizedOperation"},
		{"the action", create, "", ""},
		{"a wildcard", `{"Effect":"Allow","Action":"ec2:Create*","Resource":"arn:aws:ec2:eu-west-1:*:vpc/*"}`, "", ""},
		{"another kind of thing", `{"Effect":"Allow","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:subnet/*"}`, "", "UnauthorizedOperation"},
		{"tags are an action of their own", create, "web", "UnauthorizedOperation"},
		{"tags at creation", create + "," + marking, "web", ""},
		{"the wanted tag", ours, "web", ""},
		{"another tag", ours, "db", "UnauthorizedOperation"},
		{"no tag", ours, "", "UnauthorizedOperation"},
		{"a denial wins", create + "," + denial, "", "UnauthorizedOperation"},
		{"a tag that is not there", create + "," + untaggedDenied, "", "UnauthorizedOperation"},
		{
			"an operator that the sandbox lacks",
			`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`, "", "InternalFailure",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sandbox.New(sandbox.Options{EnforceIAM: true})
			_, err := ec2.NewFromConfig(assumed(t, s, "eu-west-1", c.statements)).CreateVpc(t.Context(), vpcFor(c.stack))
			if got := code(t, err); got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// An existing resource is judged by the tags that it has, and not by those that a call brings.
func TestEnforcedPoliciesOfWhatExists(t *testing.T) {
	s := sandbox.New(sandbox.Options{EnforceIAM: true})
	owner := ec2Client(s, "eu-west-1")
	ours, theirs := do(t, owner.CreateVpc, vpcFor("web")).Vpc.VpcId, do(t, owner.CreateVpc, vpcFor("db")).Vpc.VpcId
	client := ec2.NewFromConfig(assumed(t, s, "eu-west-1", `{"Effect":"Allow","Action":"ec2:*","Resource":"*",
		"Condition":{"StringEquals":{"aws:ResourceTag/stack":"web"}}}`))
	steal := &ec2.CreateTagsInput{
		Resources: []string{*theirs}, Tags: []ec2types.Tag{{Key: aws.String("stack"), Value: aws.String("web")}},
	}
	if _, err := client.CreateTags(t.Context(), steal); code(t, err) != "UnauthorizedOperation" {
		t.Errorf("another stack's VPC was made ours: %v", err)
	}
	if _, err := client.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: theirs}); code(t, err) != "UnauthorizedOperation" {
		t.Errorf("another stack's VPC was deleted: %v", err)
	}
	// A read that takes no resource has no tags to be judged by.
	if _, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{}); code(t, err) != "UnauthorizedOperation" {
		t.Errorf("got %v", err)
	}
	if _, err := client.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: ours}); err != nil {
		t.Errorf("our own VPC: %v", err)
	}
}

func TestWithoutEnforcementRolesMayDoAnything(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	if _, err := ec2.NewFromConfig(assumed(t, s, "eu-west-1", "")).CreateVpc(t.Context(), vpcFor("")); err != nil {
		t.Error(err)
	}
}

func TestTrustByClaims(t *testing.T) {
	s := sandbox.New(sandbox.Options{EnforceIAM: true})
	admin, client := iamClient(s), sts.NewFromConfig(awsConfig(s, "eu-west-1"))
	const host = "token.actions.githubusercontent.com"
	do(t, admin.CreateOpenIDConnectProvider, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://" + host), ClientIDList: []string{"sts.amazonaws.com"},
	})
	role := do(t, admin.CreateRole, &iam.CreateRoleInput{RoleName: aws.String("apply"), AssumeRolePolicyDocument: aws.String(
		`{"Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
		"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/` + host + `"},
		"Condition":{"StringEquals":{"` + host + `:aud":"sts.amazonaws.com"},"StringLike":{"` + host + `:sub":"repo:org/repo:*"}}}}`,
	)})
	for subject, want := range map[string]string{
		"repo:org/repo:environment:production": "", "repo:other/repo:environment:production": "AccessDenied",
	} {
		claims := `{"iss":"https://` + host + `","aud":"sts.amazonaws.com","sub":"` + subject + `"}`
		_, err := client.AssumeRoleWithWebIdentity(t.Context(), &sts.AssumeRoleWithWebIdentityInput{
			RoleArn: role.Role.Arn, RoleSessionName: aws.String("run"),
			WebIdentityToken: aws.String("e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"),
		})
		if got := code(t, err); got != want {
			t.Errorf("%s: got %q, want %q", subject, got, want)
		}
	}
}
