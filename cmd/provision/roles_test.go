package main

import (
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
	"provision/pkg/ending"
	"provision/pkg/policy"
	"provision/pkg/sandbox"
)

// wholeStack has one of everything that a stack can have.
const wholeStack = "name: web\nregions: [eu-west-1]\nstate: {s3: s3://example-states/prod, kms_key: alias/states}\n"

var wholeScope = policy.Scope{
	Stack: "web", Name: "provision-web", Account: sandbox.DefaultAccount, Partition: "aws", Regions: []string{"eu-west-1"},
	Bucket: "example-states", Prefix: "prod", KMSKey: "alias/states", Settings: []string{"network.flow_logs.traffic"},
}

// as runs the program as a user who has assumed a role with the policy.
func (w *world) as(name string, d policy.Document) runner {
	w.Helper()
	config := aws.Config{
		Region: "eu-west-1", HTTPClient: w.box,
		Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "secret", ""),
	}
	admin := iam.NewFromConfig(config)
	role, err := admin.CreateRole(w.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(policy.TrustAccount(wholeScope).JSON()),
		MaxSessionDuration: aws.Int32(43200),
	})
	if err != nil {
		w.Fatal(err)
	}
	if _, err := admin.PutRolePolicy(w.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(name), PolicyName: aws.String("provision"), PolicyDocument: aws.String(d.Compact()),
	}); err != nil {
		w.Fatal(err)
	}
	out, err := sts.NewFromConfig(config).AssumeRole(w.Context(), &sts.AssumeRoleInput{
		RoleArn: role.Role.Arn, RoleSessionName: aws.String("test"), DurationSeconds: aws.Int32(43200),
	})
	if err != nil {
		w.Fatal(err)
	}
	return runner{client: w.box, key: *out.Credentials.AccessKeyId}
}

// The apply role is enough for the whole life of a stack, changes and repairs included, and the plan role for looking
// at it at any time. Every write of the plan role is denied.
func TestRolesAreEnough(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{EnforceIAM: true}, wholeStack)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		planner, applier := w.as("planner", policy.Plan(wholeScope)), w.as("applier", policy.Apply(wholeScope))

		w.must(ending.Changes, planner.inS3(w, "plan", "--detailed-exitcode"))
		got := w.must(ending.Done, applier.inS3(w, "check"))
		if !strings.Contains(got.out, "✓ ok    s3://example-states/prod/web can be written") || strings.Contains(got.out, "warning") {
			t.Errorf("check as the apply role:\n%s", got.out)
		}
		got = w.must(ending.Refused, planner.inS3(w, "check"))
		if !strings.Contains(got.out, "denied: ec2:AllocateAddress, ec2:CreateInternetGateway, ec2:CreateVpc") {
			t.Errorf("check as the plan role:\n%s", got.out)
		}
		keyless := policy.Apply(wholeScope)
		for i, s := range keyless.Statement {
			keyless.Statement[i].Action = slices.DeleteFunc(slices.Clone(s.Action), func(a string) bool { return a == "kms:GenerateDataKey" })
		}
		w.says(w.must(ending.Refused, w.as("keyless", keyless).inS3(w, "up", "--yes")),
			"is not authorized to perform: kms:GenerateDataKey")
		roles := w.things()
		w.must(ending.Done, applier.inS3(w, "up", "--yes"))
		w.must(ending.Done, planner.inS3(w, "plan", "--detailed-exitcode"))
		w.must(ending.Done, planner.inS3(w, "status", "--detailed-exitcode"))
		for _, change := range []string{
			"tags: {team: platform}\n",
			"tags: {Team: platform}\n", // one key for IAM
			"defaults: {compute: {type: t3.small, min: 3, max: 6, desired: 3}, lb: {interval: 15s, drain: 10s}}\n",
			"defaults: {network: {nat: single}, endpoints: {s3: none, ssm: none}}\n",
			"defaults: {network: {nat: regional, flow_logs: {traffic: reject}}}\n",
			"tags: {team: web}\ndefaults: {network: {nat: regional, flow_logs: {traffic: all, retention_days: 30}}}\n",
			"defaults: {network: {nat: regional, flow_logs: {traffic: all, interval: 1m}}}\n",
			"",
		} {
			w.settings(wholeStack + change)
			w.must(ending.Changes, planner.inS3(w, "plan", "--detailed-exitcode"))
			w.must(ending.Done, applier.inS3(w, "up", "--yes", "--skip-verify"))
			w.must(ending.Done, planner.inS3(w, "plan", "--detailed-exitcode"))
		}

		before := w.things()
		w.mutations()
		for _, command := range []string{"up", "down"} {
			w.says(w.must(ending.Refused, planner.inS3(w, command, "--yes")), "is not authorized to perform: s3:PutObject")
		}
		if diff := cmp.Diff(before, w.things()); diff != "" {
			t.Errorf("the plan role changed something:\n%s", diff)
		}

		w.must(ending.Done, applier.inS3(w, "down", "--yes"))
		if diff := cmp.Diff(roles, w.things()); diff != "" {
			t.Errorf("left after down:\n%s", diff)
		}
	})
}

// AWS requires permissions for the actions that it performs on the caller's behalf, though the program calls none of
// them.
func TestRolesNeedWhatAWSDoesForThem(t *testing.T) {
	t.Parallel()
	const privateStack = "name: web\nregions: [eu-west-1]\n" +
		"defaults: {network: {nat: none, azs: 2, flow_logs: {traffic: all}}}\n"
	for _, c := range []struct{ sid, action string }{
		{"Launch", "ec2:RunInstances"},
		{"LaunchImage", "ec2:RunInstances"},
		{"Change", "ec2:RunInstances"},
		{"PassRole", "iam:PassRole"},
		{"PassFlowLogRole", "iam:PassRole"},
		{"Look", "ec2:DescribeAccountAttributes"},
		{"Look", "route53:AssociateVPCWithHostedZone"},
		{"ServiceRoles", "iam:CreateServiceLinkedRole"},
		{"TagWhatIsMade", "ec2:CreateTags"},
		{"TagBalancer", "elasticloadbalancing:AddTags"},
		{"Logs", "logs:TagResource"},
	} {
		t.Run(c.sid+" "+c.action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{EnforceIAM: true}, privateStack)
				lacking := policy.Apply(wholeScope)
				for i, s := range lacking.Statement {
					if s.Sid == c.sid {
						lacking.Statement[i].Action = slices.DeleteFunc(slices.Clone(s.Action), func(a string) bool { return a == c.action })
					}
				}
				lacking.Statement = slices.DeleteFunc(lacking.Statement, func(s policy.Statement) bool { return len(s.Action) == 0 })
				w.says(w.must(ending.Failed, w.as("applier", lacking).run(w, "up", "--yes")), "is not authorized to perform: "+c.action)
			})
		})
	}
}

// The apply role writes the policies of two roles, and a boundary bounds each: it can neither be taken away nor widened, no
// role is created without it, and no managed policy is attached. Nor does the apply role say who may assume a role that is
// there.
func TestApplyRoleCantMakeAMightierOne(t *testing.T) {
	t.Parallel()
	for role, own := range map[string]string{"provision-web": "session-manager", "provision-web-flow-logs": "flow-logs"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { mightier(t, aws.String(role), aws.String(own)) })
		})
	}
}

func mightier(t *testing.T, role, own *string) {
	w := newWorld(t, sandbox.Options{EnforceIAM: true}, "name: web\nregions: [eu-west-1]\ndefaults: {network: {flow_logs: {traffic: all}}}\n")
	applier := w.as("applier", policy.Apply(wholeScope))
	w.must(ending.Done, applier.run(w, "up", "--yes", "--skip-verify"))
	api := iam.NewFromConfig(aws.Config{
		Region: "us-east-1", HTTPClient: w.box, Credentials: credentials.NewStaticCredentialsProvider(applier.key, "secret", ""),
	})
	anything := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	name, trust := aws.String("mighty"), aws.String(policy.TrustAccount(wholeScope).JSON())
	put := func() error {
		_, err := api.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: role, PolicyName: name, PolicyDocument: anything})
		return err
	}
	denied := func(what string, err error) {
		t.Helper()
		if !cloud.IsDenied(err) {
			t.Errorf("%s: got %v, want a denial", what, err)
		}
	}
	_, err := api.DeleteRolePermissionsBoundary(t.Context(), &iam.DeleteRolePermissionsBoundaryInput{RoleName: role})
	denied("no boundary", err)
	_, err = api.PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{
		RoleName: role, PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/AdministratorAccess"),
	})
	denied("a wider boundary", err)
	_, err = api.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{
		RoleName: role, PolicyArn: aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
	})
	denied("a managed policy", err)
	_, err = api.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: role, PolicyDocument: trust})
	denied("another trust", err)

	if err := put(); err != nil {
		t.Errorf("within the boundary: %v", err)
	}
	for _, name := range []*string{name, own} {
		if _, err := api.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: name}); err != nil {
			t.Error(err)
		}
	}
	if *role == "provision-web" {
		if _, err := api.RemoveRoleFromInstanceProfile(t.Context(), &iam.RemoveRoleFromInstanceProfileInput{
			RoleName: role, InstanceProfileName: role,
		}); err != nil {
			t.Error(err)
		}
	}
	if _, err := api.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: role}); err != nil {
		t.Error(err)
	}
	_, err = api.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: role, AssumeRolePolicyDocument: trust})
	denied("a role without the boundary", err)
}

// A stack's name can end as the names of a pipeline's roles do. Its own role has another name, and its pipeline can change
// none of the other stack's.
func TestStackNamedLikeARoleOfAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{EnforceIAM: true}, "name: web\nregions: [eu-west-1]\n")
		w.must(ending.Done, w.run(append([]string{"iam", "bootstrap", "--yes"}, production...)...))
		w.settings("name: web-apply\nregions: [eu-west-1]\n")
		scope := wholeScope
		scope.Stack, scope.Name, scope.Bucket = "web-apply", "provision-web-apply", ""
		applier := w.as("applier", policy.Apply(scope))
		w.must(ending.Done, applier.run(w, "up", "--yes", "--skip-verify"))
		api := iam.NewFromConfig(aws.Config{
			Region: "us-east-1", HTTPClient: w.box, Credentials: credentials.NewStaticCredentialsProvider(applier.key, "secret", ""),
		})
		pipelines := aws.String("provision-web-apply")
		for what, try := range map[string]func() error{
			"deleted": func() error {
				_, err := api.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: pipelines, PolicyName: aws.String("provision")})
				return err
			},
			"taken over by a tag": func() error {
				_, err := api.TagRole(t.Context(), &iam.TagRoleInput{
					RoleName: pipelines, Tags: []types.Tag{{Key: aws.String("provision:stack"), Value: aws.String("web-apply")}},
				})
				return err
			},
			"bounded": func() error {
				_, err := api.PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{
					RoleName: pipelines, PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy"),
				})
				return err
			},
		} {
			if err := try(); !cloud.IsDenied(err) {
				t.Errorf("the role of the other stack's pipeline is %s: %v", what, err)
			}
		}
		w.must(ending.Done, applier.run(w, "down", "--yes"))
	})
}

// inS3 runs with the settings' own state.
func (r runner) inS3(w *world, args ...string) result {
	return r.run(w, append(args, "--state", inS3)...)
}

// With a state in a file nothing stops the plan role but a dry run, or AWS itself, which denies the first write of each region.
func TestPlanRoleIsDeniedByAWS(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{EnforceIAM: true}, smallStack+"regions: [eu-west-1]\n")
		planner := w.as("planner", policy.Plan(wholeScope))
		before := w.things()
		w.says(w.must(ending.Refused, planner.run(w, "up", "--yes")),
			"eu-west-1: permissions: denied: ec2:AllocateAddress, ec2:CreateInternetGateway, ec2:CreateVpc", "next: add them to the policy of ")
		got := w.must(ending.Failed, planner.run(w, "up", "--yes", "--skip-check"))
		w.says(got, "UnauthorizedOperation", "is not authorized to perform: ec2:CreateVpc", "next: ")
		if diff := cmp.Diff(before, w.things()); diff != "" {
			t.Errorf("the plan role made something:\n%s", diff)
		}
	})
}

// Another stack in the same account is out of reach, and so are other regions.
func TestApplyRoleKeepsToItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{EnforceIAM: true}, smallStack)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes"))
		other := wholeScope
		other.Stack, other.Name = "db", "provision-db"
		applier := w.as("applier", policy.Apply(other))
		before := w.things()
		w.says(w.must(ending.Refused, applier.run(w, "down", "--yes")), "permissions: denied: ", "ec2:DeleteVpc")
		w.says(w.must(ending.Failed, applier.run(w, "down", "--yes", "--skip-check")), "is not authorized to perform")
		w.settings("name: db\n")
		w.says(w.must(ending.Failed, applier.run(w, "up", "--regions", "us-east-1", "--yes", "--state", w.dir+"/db.json")),
			"is not authorized to perform")
		if diff := cmp.Diff(before, w.things()); diff != "" {
			t.Errorf("the role of another stack, or in another region, changed something:\n%s", diff)
		}
	})
}
