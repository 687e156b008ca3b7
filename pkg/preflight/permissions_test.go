package preflight

import (
	"net/http/httptest"
	"slices"
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
	"provision/pkg/graph"
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

// as is the cloud of the identity with that access key.
func as(t *testing.T, box *sandbox.Sandbox, key string) *cloud.Cloud {
	t.Helper()
	c, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
		Client: box, Credentials: credentials.NewStaticCredentialsProvider(key, "test", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// limited is the access key of a user whose role has these statements.
func limited(t *testing.T, box *sandbox.Sandbox, path, statements string) string {
	t.Helper()
	admin := as(t, box, sandbox.DefaultAccount)
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
	return aws.ToString(session.Credentials.AccessKeyId)
}

// fresh is a preflight of a new stack in two regions, and its plan.
func fresh(t *testing.T, c *cloud.Cloud) (Preflight, *stack.Plan) {
	t.Helper()
	regions := []string{"eu-west-1", "us-east-1"}
	settings, err := config.Load("testdata/web.yaml", config.Overrides{Regions: regions})
	if err != nil {
		t.Fatal(err)
	}
	p := Preflight{Stack: &stack.Stack{Config: settings, Cloud: c, Record: stack.ReadOnly{}, Regions: regions}}
	if p.Identity, err = c.Identity(t.Context(), regions[0]); err != nil {
		t.Fatal(err)
	}
	return p, p.Stack.Plan(t.Context())
}

const mayAsk = `{"Effect":"Allow","Action":["iam:Simulate*","iam:Get*","iam:List*","*:Describe*","ssm:GetParameter"],"Resource":"*"}`

func TestPermissions(t *testing.T) {
	const (
		everything = `{"Effect":"Allow","Action":"*","Resource":"*"}`
		mayNotAsk  = `{"Effect":"Deny","Action":"iam:SimulatePrincipalPolicy","Resource":"*"}`
	)
	for name, tc := range map[string]struct {
		path, statements string
		want             map[string]string // by region: the level, then the start of the detail
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
				{"Effect":"Allow","Action":"iam:*",
					"Resource":["arn:aws:iam::123456789012:role/provision-web","arn:aws:iam::123456789012:instance-profile/provision-web"]}`,
			map[string]string{state.Global: "ok all ", "eu-west-1": "ok all ", "us-east-1": "ok all "},
		},
		"who may only look is told by a dry run": {"/", mayAsk, map[string]string{
			state.Global: "warning not allowed as far as IAM's simulator knows: iam:AddRoleToInstanceProfile, ",
			"eu-west-1":  "failed denied: ec2:AllocateAddress, ec2:CreateInternetGateway, ec2:CreateVpc",
			"us-east-1":  "failed denied: ec2:AllocateAddress, ec2:CreateInternetGateway, ec2:CreateVpc",
		}},
		"the simulator can't be asked, and a dry run allows it": {"/", everything + "," + mayNotAsk, map[string]string{
			state.Global: "warning not known, because IAM's simulator can't be called: ",
			"eu-west-1":  "warning not known, because IAM's simulator can't be called: ",
			"us-east-1":  "warning not known, because IAM's simulator can't be called: ",
		}},
		"the simulator can't be asked, and a dry run does not": {
			"/", everything + "," + mayNotAsk + `,{"Effect":"Deny","Action":"ec2:CreateVpc","Resource":"*"}`,
			map[string]string{
				state.Global: "warning not known, because IAM's simulator can't be called: ",
				"eu-west-1":  "failed denied: ec2:CreateVpc", "us-east-1": "failed denied: ec2:CreateVpc",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				box := sandbox.New(sandbox.Options{EnforceIAM: true})
				p, plan := fresh(t, as(t, box, limited(t, box, tc.path, tc.statements)))
				got := map[string]string{}
				for _, f := range p.Of(t.Context(), plan) {
					if f.Check != "permissions" {
						continue
					}
					got[f.Region] = string(f.Level) + " " + f.Detail
					if begin := tc.want[f.Region]; strings.HasPrefix(got[f.Region], begin) {
						got[f.Region] = begin
					}
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if after := p.Stack.Plan(t.Context()); after.Regions[0].Plan.Count(graph.Create) != plan.Regions[0].Plan.Count(graph.Create) {
					t.Error("it made something")
				}
			})
		})
	}
}

// A stand-in for AWS may execute a dry run like any other call, and have a simulator that it does not obey.
func TestPermissionsOfAStandIn(t *testing.T) {
	box := sandbox.New(sandbox.Options{EnforceIAM: true})
	server := httptest.NewServer(box)
	defer server.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", limited(t, box, "/", mayAsk+`,{"Effect":"Deny","Action":"ec2:CreateVpc","Resource":"*"}`))
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	c, err := cloud.Open(t.Context(), cloud.Options{EndpointURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	p, plan := fresh(t, c)
	found := p.Of(t.Context(), plan)
	if stops := Stops(found); stops != nil {
		t.Errorf("it stops a run: %v", stops)
	}
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Level == Warning && strings.Contains(f.Detail, "ec2:CreateVpc") }) {
		t.Errorf("nobody is warned: %+v", found)
	}
	if calls := box.Calls(); len(calls) == 0 || slices.ContainsFunc(calls, func(c sandbox.Call) bool { return c.Action == "CreateVpc" }) {
		t.Error("a dry run was tried")
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
		{ // the decision on the whole is that on the worst
			EvalActionName: aws.String("ec2:CreateRoute"), EvalDecision: "explicitDeny", EvalResourceName: aws.String("*"),
			ResourceSpecificResults: []types.ResourceSpecificResult{
				{EvalResourceName: aws.String(vpc), EvalResourceDecision: "allowed"},
				{EvalResourceName: aws.String(group), EvalResourceDecision: "explicitDeny"},
			},
		},
		{
			EvalActionName: aws.String("ec2:DeleteRoute"), EvalDecision: "explicitDeny", EvalResourceName: aws.String("*"),
			ResourceSpecificResults: []types.ResourceSpecificResult{
				{EvalResourceName: aws.String(vpc), EvalResourceDecision: "explicitDeny"},
				{EvalResourceName: aws.String(group), EvalResourceDecision: "implicitDeny"},
			},
		},
	}, sameService)
	want := verdicts{
		forbidden: []string{"ec2:DeleteRoute", "ec2:DeleteVpc"},
		unsure:    []string{"autoscaling:DeleteTags", "ec2:CreateSubnet", "ec2:CreateTags"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(verdicts{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
