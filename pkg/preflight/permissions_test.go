package preflight

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

const (
	ssoPath = "/aws-reserved/sso.amazonaws.com/"
	ssoRole = "AWSReservedSSO_Admin_1a2b"
	trust   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
		`"Principal":{"AWS":"arn:aws:iam::` + sandbox.DefaultAccount + `:root"},"Action":"sts:AssumeRole"}]}`
)

// limited is a preflight of a new stack, by somebody with a role that has these statements, and its plan.
func limited(t *testing.T, path, statements string) (Preflight, *stack.Plan) {
	t.Helper()
	box := sandbox.New(sandbox.Options{EnforceIAM: true})
	open := func(key string) *cloud.Cloud {
		c, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
			Client: box, Credentials: credentials.NewStaticCredentialsProvider(key, "test", ""),
		}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	admin := open(sandbox.DefaultAccount)
	role, err := admin.IAM("eu-west-1").CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(ssoRole), Path: aws.String(path), AssumeRolePolicyDocument: aws.String(trust),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.IAM("eu-west-1").PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(ssoRole), PolicyName: aws.String("some"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` + statements + `]}`),
	}); err != nil {
		t.Fatal(err)
	}
	session, err := admin.STS("eu-west-1").AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: role.Role.Arn, RoleSessionName: aws.String("somebody"),
	})
	if err != nil {
		t.Fatal(err)
	}
	regions := []string{"eu-west-1", "us-east-1"}
	settings, err := config.Load("testdata/web.yaml", config.Overrides{Regions: regions})
	if err != nil {
		t.Fatal(err)
	}
	p := Preflight{Stack: &stack.Stack{
		Config: settings, Cloud: open(aws.ToString(session.Credentials.AccessKeyId)), Record: stack.ReadOnly{}, Regions: regions,
	}}
	if p.Identity, err = p.Stack.Cloud.Identity(t.Context(), "eu-west-1"); err != nil {
		t.Fatal(err)
	}
	return p, p.Stack.Plan(t.Context())
}

func TestPermissions(t *testing.T) {
	const (
		everything = `{"Effect":"Allow","Action":"*","Resource":"*"}`
		mayAsk     = `{"Effect":"Allow","Action":["iam:Simulate*","iam:Get*","iam:List*","*:Describe*","ssm:GetParameter"],"Resource":"*"}`
		mayNotAsk  = `{"Effect":"Deny","Action":"iam:SimulatePrincipalPolicy","Resource":"*"}`
	)
	for name, tc := range map[string]struct {
		path, statements string
		want             map[string]string // by region: level, then what the detail begins with
	}{
		"everything": {"/", everything, map[string]string{
			state.Global: "ok all ", "eu-west-1": "ok all ", "us-east-1": "ok all ",
		}},
		"a session does not tell the path of its role": {ssoPath, everything, map[string]string{
			state.Global: "ok all ", "eu-west-1": "ok all ", "us-east-1": "ok all ",
		}},
		"one region is denied": {
			"/", everything + `,{"Effect":"Deny","Action":"ec2:CreateSubnet","Resource":"*",
				"Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}`,
			map[string]string{state.Global: "ok all ", "eu-west-1": "ok all ", "us-east-1": "failed denied: ec2:CreateSubnet"},
		},
		"only the stack's own things, and only with its tags": {
			"/", mayAsk + `,{"Effect":"Allow","Action":["ec2:*","elasticloadbalancing:*","autoscaling:*"],
				"Resource":["arn:aws:ec2:*:123456789012:*/*","arn:aws:elasticloadbalancing:*:123456789012:*",
					"arn:aws:autoscaling:*:123456789012:*:autoScalingGroupName/provision-web"],
				"Condition":{"StringEquals":{"aws:RequestTag/team":"platform"}}},
				{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::123456789012:role/provision-web"}`,
			map[string]string{state.Global: "ok all ", "eu-west-1": "ok all ", "us-east-1": "ok all "},
		},
		"who may only look is told by a dry run": {"/", mayAsk, map[string]string{
			state.Global: "warning not allowed as far as IAM's simulator knows: iam:AddRoleToInstanceProfile, ",
			"eu-west-1":  "failed denied: ec2:AllocateAddress, ec2:CreateInternetGateway, ec2:CreateVpc",
			"us-east-1":  "failed denied: ec2:AllocateAddress, ec2:CreateInternetGateway, ec2:CreateVpc",
		}},
		"the simulator can't be asked, and a dry run allows it": {"/", everything + "," + mayNotAsk, map[string]string{
			state.Global: "warning not known, since IAM's simulator can't be asked: ",
			"eu-west-1":  "warning not known, since IAM's simulator can't be asked: ",
			"us-east-1":  "warning not known, since IAM's simulator can't be asked: ",
		}},
		"the simulator can't be asked, and a dry run does not": {
			"/", everything + "," + mayNotAsk + `,{"Effect":"Deny","Action":"ec2:CreateVpc","Resource":"*"}`,
			map[string]string{
				state.Global: "warning not known, since IAM's simulator can't be asked: ",
				"eu-west-1":  "failed denied: ec2:CreateVpc", "us-east-1": "failed denied: ec2:CreateVpc",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, plan := limited(t, tc.path, tc.statements)
				got, want := map[string]string{}, map[string]string{}
				for _, f := range p.Of(t.Context(), plan) {
					if f.Check != "permissions" {
						continue
					}
					text := string(f.Level) + " " + f.Detail
					got[f.Region] = text
					if begin := tc.want[f.Region]; strings.HasPrefix(text, begin) {
						got[f.Region] = begin
					}
				}
				for region, begin := range tc.want {
					want[region] = begin
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if after := p.Stack.Plan(context.WithoutCancel(t.Context())); len(after.Parts[1].Plan.Changed()) != len(plan.Parts[1].Plan.Changed()) {
					t.Error("it made something")
				}
			})
		})
	}
}

func TestJudgement(t *testing.T) {
	result := func(action, resource string, decision types.PolicyEvaluationDecisionType, missing ...string) types.EvaluationResult {
		return types.EvaluationResult{
			EvalActionName: aws.String(action), EvalResourceName: aws.String(resource), EvalDecision: decision, MissingContextValues: missing,
		}
	}
	const vpc, group = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1", "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:x"
	got := judge([]types.EvaluationResult{
		result("ec2:CreateVpc", vpc, "allowed"),
		result("ec2:CreateVpc", group, "implicitDeny"), // is another service's
		result("ec2:DeleteVpc", vpc, "explicitDeny"),
		result("ec2:CreateSubnet", vpc, "explicitDeny", "aws:MultiFactorAuthPresent"), // a session may have it
		result("autoscaling:DeleteTags", group, "implicitDeny"),
		result("autoscaling:DeleteTags", vpc, "explicitDeny"),
		result("ec2:CreateTags", "*", "implicitDeny"),
	})
	want := verdicts{
		forbidden: []string{"ec2:DeleteVpc"},
		unsure:    []string{"autoscaling:DeleteTags", "ec2:CreateSubnet", "ec2:CreateTags"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(verdicts{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
