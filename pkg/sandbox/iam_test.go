package sandbox_test

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

const (
	ec2Trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},` +
		`"Action":"sts:AssumeRole"}]}`
	coreARN = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
)

func iamClient(s *sandbox.Sandbox) *iam.Client { return iam.NewFromConfig(awsConfig(s, "eu-west-1")) }

// madeRole creates a role and an instance profile with one name, not yet joined.
func madeRole(t *testing.T, client *iam.Client, name string) {
	t.Helper()
	do(t, client.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(ec2Trust), Path: aws.String("/provision/"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("platform")}},
	})
	do(t, client.CreateInstanceProfile, &iam.CreateInstanceProfileInput{
		InstanceProfileName: aws.String(name),
	})
}

func TestRole(t *testing.T) {
	client := iamClient(sandbox.New(sandbox.Options{}))
	madeRole(t, client, "web")
	got := do(t, client.GetRole, &iam.GetRoleInput{RoleName: aws.String("web")}).Role
	if want := "arn:aws:iam::123456789012:role/provision/web"; *got.Arn != want {
		t.Errorf("ARN %s, want %s", *got.Arn, want)
	}
	if trust, err := url.PathUnescape(*got.AssumeRolePolicyDocument); err != nil || trust != ec2Trust {
		t.Errorf("trust %s %v", trust, err)
	}
	if *got.MaxSessionDuration != 3600 || len(got.Tags) != 1 || *got.Tags[0].Value != "platform" ||
		got.CreateDate.IsZero() {
		t.Errorf("got %+v", got)
	}
	listed := do(t, client.ListRoles, &iam.ListRolesInput{PathPrefix: aws.String("/provision/")})
	if len(listed.Roles) != 1 || *listed.Roles[0].RoleId != *got.RoleId {
		t.Errorf("listed %v", listed.Roles)
	}
	refused(t, "EntityAlreadyExists", client.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String("web"), AssumeRolePolicyDocument: aws.String(ec2Trust),
	})
	refused(t, "MalformedPolicyDocument", client.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String("other"), AssumeRolePolicyDocument: aws.String("{"),
	})
	refused(t, "ValidationError", client.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String("a b"), AssumeRolePolicyDocument: aws.String(ec2Trust),
	})
}

func TestRoleTags(t *testing.T) {
	client := iamClient(sandbox.New(sandbox.Options{}))
	madeRole(t, client, "web")
	do(t, client.TagRole, &iam.TagRoleInput{RoleName: aws.String("web"), Tags: []types.Tag{
		{Key: aws.String("team"), Value: aws.String("web")}, {Key: aws.String("cost"), Value: aws.String("")},
	}})
	do(t, client.UntagRole, &iam.UntagRoleInput{RoleName: aws.String("web"), TagKeys: []string{"none"}})
	got := map[string]string{}
	for _, tag := range do(t, client.ListRoleTags, &iam.ListRoleTagsInput{RoleName: aws.String("web")}).Tags {
		got[*tag.Key] = *tag.Value
	}
	if diff := cmp.Diff(map[string]string{"team": "web", "cost": ""}, got); diff != "" {
		t.Error(diff)
	}
	refused(t, "InvalidInput", client.TagRole, &iam.TagRoleInput{RoleName: aws.String("web"), Tags: []types.Tag{
		{Key: aws.String("name"), Value: aws.String("a")}, {Key: aws.String("Name"), Value: aws.String("b")},
	}})
	do(t, client.UntagRole, &iam.UntagRoleInput{RoleName: aws.String("web"), TagKeys: []string{"Team"}})
	left := do(t, client.ListRoleTags, &iam.ListRoleTagsInput{RoleName: aws.String("web")}).Tags
	if len(left) != 1 || *left[0].Key != "cost" {
		t.Errorf("left %v", left)
	}
}

// A role goes only after its policies and out of its profile, the profile only after its role.
func TestRoleIsHeld(t *testing.T) {
	client := iamClient(sandbox.New(sandbox.Options{}))
	madeRole(t, client, "web")
	name := aws.String("web")
	conflict := func(why string) {
		t.Helper()
		refused(t, "DeleteConflict", client.DeleteRole, &iam.DeleteRoleInput{RoleName: name})
	}
	do(t, client.AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String(coreARN)})
	do(t, client.AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String(coreARN)})
	conflict("with a policy attached")
	attached := do(t, client.ListAttachedRolePolicies, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	if len(attached.AttachedPolicies) != 1 || *attached.AttachedPolicies[0].PolicyName != "AmazonSSMManagedInstanceCore" {
		t.Errorf("attached %v", attached.AttachedPolicies)
	}
	do(t, client.DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: aws.String(coreARN)})
	refused(t, "NoSuchEntity", client.DetachRolePolicy, &iam.DetachRolePolicyInput{
		RoleName: name, PolicyArn: aws.String(coreARN),
	})

	do(t, client.PutRolePolicy, &iam.PutRolePolicyInput{
		RoleName: name, PolicyName: aws.String("read"),
		PolicyDocument: aws.String(`{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`),
	})
	conflict("with an inline policy")
	do(t, client.DeleteRolePolicy, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("read")})

	add := &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name}
	do(t, client.AddRoleToInstanceProfile, add)
	conflict("in an instance profile")
	refused(t, "LimitExceeded", client.AddRoleToInstanceProfile, add)
	refused(t, "DeleteConflict", client.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: name})
	of := do(t, client.ListInstanceProfilesForRole, &iam.ListInstanceProfilesForRoleInput{RoleName: name})
	if len(of.InstanceProfiles) != 1 || *of.InstanceProfiles[0].Roles[0].RoleName != "web" {
		t.Errorf("profiles of the role: %v", of.InstanceProfiles)
	}
	remove := &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: name}
	do(t, client.RemoveRoleFromInstanceProfile, remove)
	refused(t, "NoSuchEntity", client.RemoveRoleFromInstanceProfile, remove)
	do(t, client.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: name})
	do(t, client.DeleteRole, &iam.DeleteRoleInput{RoleName: name})
	refused(t, "NoSuchEntity", client.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: name})
}

func TestRolePaging(t *testing.T) {
	ctx, client := t.Context(), iamClient(sandbox.New(sandbox.Options{}))
	for _, name := range []string{"c", "a", "b"} {
		madeRole(t, client, name)
	}
	pager := iam.NewListRolesPaginator(client, &iam.ListRolesInput{MaxItems: aws.Int32(2)})
	var got []string
	for pager.HasMorePages() {
		for _, r := range must[*iam.ListRolesOutput](t)(pager.NextPage(ctx)).Roles {
			got = append(got, *r.RoleName)
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, got); diff != "" {
		t.Error(diff)
	}
}

// One action on several resources is one result, which says of each.
func TestSimulateSeveralResources(t *testing.T) {
	client := iamClient(sandbox.New(sandbox.Options{}))
	madeRole(t, client, "web")
	do(t, client.PutRolePolicy, &iam.PutRolePolicyInput{
		RoleName: aws.String("web"), PolicyName: aws.String("p"), PolicyDocument: aws.String(`{"Statement":[
			{"Effect":"Allow","Action":"s3:*","Resource":"*"},
			{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::kept"}]}`),
	})
	out := do(t, client.SimulatePrincipalPolicy, &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String("arn:aws:iam::123456789012:role/provision/web"),
		ActionNames:     []string{"s3:DeleteBucket"}, ResourceArns: []string{"arn:aws:s3:::kept", "arn:aws:s3:::other"},
	})
	if len(out.EvaluationResults) != 1 || out.EvaluationResults[0].EvalDecision != types.PolicyEvaluationDecisionTypeExplicitDeny {
		t.Fatalf("got %+v", out.EvaluationResults)
	}
	got := map[string]types.PolicyEvaluationDecisionType{}
	for _, each := range out.EvaluationResults[0].ResourceSpecificResults {
		got[aws.ToString(each.EvalResourceName)] = each.EvalResourceDecision
	}
	want := map[string]types.PolicyEvaluationDecisionType{"arn:aws:s3:::kept": "explicitDeny", "arn:aws:s3:::other": "allowed"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSimulatePrincipalPolicy(t *testing.T) {
	client := iamClient(sandbox.New(sandbox.Options{}))
	madeRole(t, client, "web")
	do(t, client.PutRolePolicy, &iam.PutRolePolicyInput{
		RoleName: aws.String("web"), PolicyName: aws.String("p"), PolicyDocument: aws.String(`{"Statement":[
			{"Effect":"Allow","Action":["ec2:Describe*","s3:*"],"Resource":"*"},
			{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::kept/*"},
			{"Effect":"Deny","Action":"ec2:DescribeTags","Resource":"*",
			 "Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}]}`),
	})
	for name, c := range map[string]struct {
		principal, action, resource string
		want                        types.PolicyEvaluationDecisionType
	}{
		"allowed by pattern":      {"role/provision/web", "ec2:DescribeVpcs", "*", "allowed"},
		"not named":               {"role/provision/web", "ec2:CreateVpc", "*", "implicitDeny"},
		"denied":                  {"role/provision/web", "s3:DeleteBucket", "arn:aws:s3:::kept/a/b", "explicitDeny"},
		"another resource":        {"role/provision/web", "s3:DeleteBucket", "arn:aws:s3:::other", "allowed"},
		"where it may":            {"role/provision/web", "ec2:DescribeTags", "*", "allowed"},
		"the owner of an account": {"user/sandbox", "ec2:CreateVpc", "*", "allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			out := do(t, client.SimulatePrincipalPolicy, &iam.SimulatePrincipalPolicyInput{
				PolicySourceArn: aws.String("arn:aws:iam::123456789012:" + c.principal),
				ActionNames:     []string{c.action}, ResourceArns: []string{c.resource},
				ContextEntries: []types.ContextEntry{{
					ContextKeyName: aws.String("aws:RequestedRegion"), ContextKeyType: types.ContextKeyTypeEnumString,
					ContextKeyValues: []string{"eu-west-1"},
				}},
			})
			if len(out.EvaluationResults) != 1 || out.EvaluationResults[0].EvalDecision != c.want {
				t.Errorf("got %+v", out.EvaluationResults)
			}
		})
	}
}
