package access_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/access"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

const name = "provision-web"

type stage struct {
	*sandboxtest.Stage
	team  string // a tag
	roles access.Roles
}

func newStage(t *testing.T, o sandbox.Options) *stage {
	t.Helper()
	s := &stage{Stage: sandboxtest.New(t, o), team: "web", roles: access.Roles{Name: name}}
	s.roles.API = s.IAM
	s.Kinds = func(g *graph.Graph) {
		graph.AddKind(g, access.InstanceProfiles{API: s.IAM, Name: name})
		graph.AddKind(g, s.roles, "instance-profile")
	}
	return s
}

func (s *stage) build(g *graph.Graph) {
	meta := func(key graph.Key) graph.Meta {
		m := sandboxtest.Meta(key)
		m.Labels.Want["team"] = s.team
		return m
	}
	role := graph.Add(g, access.Role{
		Roles: s.roles, Meta: meta("iam-role"), Partition: "aws",
	})
	graph.Add(g, access.InstanceProfile{
		InstanceProfiles: access.InstanceProfiles{API: s.IAM, Name: name}, Meta: meta("instance-profile"), Role: role,
	})
}

func TestUpAndDownScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		want := map[string]int{
			"CreateRole": 1, "PutRolePolicy": 1, "CreateInstanceProfile": 1, "AddRoleToInstanceProfile": 1,
		}
		if diff := cmp.Diff(want, s.Writes()); diff != "" {
			t.Errorf("calls of up (-want +got):\n%s", diff)
		}
		s.Sandbox.ForgetCalls()
		s.Plan(s.build)
		want = map[string]int{
			"GetRole": 1, "ListAttachedRolePolicies": 1, "ListRolePolicies": 1, "GetRolePolicy": 1, "GetInstanceProfile": 1,
		}
		if diff := cmp.Diff(want, s.Calls()); diff != "" {
			t.Errorf("calls of plan (-want +got):\n%s", diff)
		}
		s.Sandbox.ForgetCalls()
		s.Down()
		want = map[string]int{
			"RemoveRoleFromInstanceProfile": 1, "DeleteInstanceProfile": 1, "DeleteRolePolicy": 1, "DeleteRole": 1,
		}
		if diff := cmp.Diff(want, s.Writes()); diff != "" {
			t.Errorf("calls of down (-want +got):\n%s", diff)
		}
	})
}

func TestTagsChangeScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		s.Sandbox.ForgetCalls()
		s.team = "platform"
		s.Up(s.build)
		if diff := cmp.Diff(map[string]int{"TagRole": 1, "TagInstanceProfile": 1}, s.Writes()); diff != "" {
			t.Errorf("calls of up (-want +got):\n%s", diff)
		}
	})
}

// A change by hand is detected and reverted.
func TestDriftScenario(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*stage) error
		want  []string
	}{
		"profile emptied": {func(s *stage) error {
			_, err := s.IAM.RemoveRoleFromInstanceProfile(s.Context(), &iam.RemoveRoleFromInstanceProfileInput{
				InstanceProfileName: aws.String("provision-web"), RoleName: aws.String("provision-web"),
			})
			return err
		}, []string{"update instance-profile; role"}},
		"policy deleted": {func(s *stage) error {
			_, err := s.IAM.DeleteRolePolicy(s.Context(), &iam.DeleteRolePolicyInput{
				RoleName: aws.String("provision-web"), PolicyName: aws.String("session-manager"),
			})
			return err
		}, []string{"update iam-role; sessionManagerPolicy"}},
		"boundary removed": {func(s *stage) error {
			_, err := s.IAM.DeleteRolePermissionsBoundary(s.Context(), &iam.DeleteRolePermissionsBoundaryInput{
				RoleName: aws.String("provision-web"),
			})
			return err
		}, []string{"update iam-role; permissionsBoundary"}},
		"what earlier versions attached": {func(s *stage) error {
			_, err := s.IAM.AttachRolePolicy(s.Context(), &iam.AttachRolePolicyInput{
				RoleName: aws.String("provision-web"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
			})
			return err
		}, []string{"update iam-role; managedPolicy"}},
		"trusts another service": {func(s *stage) error {
			_, err := s.IAM.UpdateAssumeRolePolicy(s.Context(), &iam.UpdateAssumeRolePolicyInput{
				RoleName: aws.String("provision-web"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[
					{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
			})
			return err
		}, []string{"update iam-role; assumeRolePolicy"}},
		"tag removed": {func(s *stage) error {
			_, err := s.IAM.UntagInstanceProfile(s.Context(), &iam.UntagInstanceProfileInput{
				InstanceProfileName: aws.String("provision-web"), TagKeys: []string{"team"},
			})
			return err
		}, []string{"update instance-profile; tag team"}},
		"a policy added and one embedded": {func(s *stage) error {
			_, err := s.IAM.AttachRolePolicy(s.Context(), &iam.AttachRolePolicyInput{
				RoleName: aws.String("provision-web"), PolicyArn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
			})
			if err != nil {
				return err
			}
			_, err = s.IAM.PutRolePolicy(s.Context(), &iam.PutRolePolicyInput{
				RoleName: aws.String("provision-web"), PolicyName: aws.String("theirs"),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[
					{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}`),
			})
			return err
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Repairs(s.build, func() error { return tc.spoil(s) }, tc.want)
			})
		})
	}
}

func TestLostAnswersScenario(t *testing.T) {
	for _, action := range []string{
		"CreateRole", "PutRolePolicy", "CreateInstanceProfile", "AddRoleToInstanceProfile",
		"RemoveRoleFromInstanceProfile", "DeleteInstanceProfile", "DeleteRolePolicy", "DeleteRole",
	} {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault := sandboxtest.Fault(t, "*/iam:"+action+"#1/lost-response")
				s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{fault}})
				s.Up(s.build)
				s.OneOfEach(s.build)
				s.Down()
			})
		})
	}
}

// A role of the same name with another owner is never touched.
func TestForeignRoleScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		_, err := s.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
			RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[
				{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
			Tags: []types.Tag{
				{Key: aws.String(graph.TagStack), Value: aws.String("web")},
				{Key: aws.String(graph.TagOwner), Value: aws.String("somebody")},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		before := s.role()
		if plan := s.Plan(s.build); len(plan.Foreign) != 1 || plan.Foreign[0].ID != before.ID {
			t.Errorf("the plan takes for foreign: %v", plan.Foreign)
		}
		if err := s.Apply(s.build); err == nil || !strings.Contains(err.Error(), "create iam-role") {
			t.Errorf("got %v, want an error about the role", err)
		}
		s.Down()
		if diff := cmp.Diff(before, s.role()); diff != "" {
			t.Errorf("their role (-before +after):\n%s", diff)
		}
	})
}

// role is the observed role of the stack's name, of any owner.
func (s *stage) role() access.RoleState {
	s.Helper()
	roles, err := access.Roles{API: s.IAM, Name: name}.List(s.Context(), &graph.Look{Owner: sandboxtest.Owner})
	if err != nil || len(roles) != 1 {
		s.Fatalf("want one role, got %v, %v", roles, err)
	}
	return roles[0]
}

// A profile of another owner that contains the stack's role is named, and keeps the role.
func TestRoleHeldScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		theirs := aws.String("theirs")
		_, err := s.IAM.CreateInstanceProfile(t.Context(), &iam.CreateInstanceProfileInput{InstanceProfileName: theirs})
		if err != nil {
			t.Fatal(err)
		}
		add := &iam.AddRoleToInstanceProfileInput{InstanceProfileName: theirs, RoleName: aws.String(name)}
		if _, err := s.IAM.AddRoleToInstanceProfile(t.Context(), add); err != nil {
			t.Fatal(err)
		}
		if err := s.Remove(); err == nil || !strings.Contains(err.Error(), "held by instance-profile theirs") {
			t.Errorf("got %v, want the name of the profile that holds the role", err)
		}
		take := &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: theirs, RoleName: aws.String(name)}
		if _, err := s.IAM.RemoveRoleFromInstanceProfile(t.Context(), take); err != nil {
			t.Fatal(err)
		}
		s.Down()
	})
}

// A role of an earlier version gets the stack's own policy before it loses the one that reads every parameter.
func TestEarlierRoleScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		role := aws.String(name)
		former := aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
		_, first := s.IAM.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: former})
		_, second := s.IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: aws.String("session-manager")})
		_, third := s.IAM.DeleteRolePermissionsBoundary(t.Context(), &iam.DeleteRolePermissionsBoundaryInput{RoleName: role})
		if err := errors.Join(first, second, third); err != nil {
			t.Fatal(err)
		}
		s.Sandbox.ForgetCalls()
		s.Up(s.build)
		var writes []string
		for _, c := range s.Sandbox.Calls() {
			if c.Mutating {
				writes = append(writes, c.Action)
			}
		}
		want := []string{"PutRolePermissionsBoundary", "PutRolePolicy", "DetachRolePolicy"}
		if diff := cmp.Diff(want, writes); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
		if got := s.role(); len(got.Policies) != 0 || got.Session != access.SessionPolicy() {
			t.Errorf("got %+v", got)
		}
	})
}

// A role that an earlier version named differently is found, with and without its ID in the state, changed, and deleted.
func TestEarlierNameScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		before := s.role()
		s.roles = access.Roles{API: s.IAM, Name: name + ".instances", Older: []string{name}}
		s.team = "platform"
		s.Up(s.build)
		if after := s.role(); after.ID != before.ID || after.Tags["team"] != "platform" {
			t.Errorf("got %+v, want %s with another tag", after, before.ID)
		}
		found, err := s.roles.List(t.Context(), &graph.Look{Owner: sandboxtest.Owner})
		if err != nil || len(found) != 1 || found[0].ID != before.ID {
			t.Errorf("without its ID: got %+v, %v", found, err)
		}
		s.Down()
	})
}
