package access_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/access"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

const trustOfEC2 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// A state that names another role of the account does not make it the stack's, whatever tags that has.
func TestOthersNamesInTheStateAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		admin := "admin-ec2"
		made, err := s.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
			RoleName: aws.String(admin), AssumeRolePolicyDocument: aws.String(trustOfEC2),
		})
		if err != nil {
			t.Fatal(err)
		}
		arn := aws.ToString(made.Role.Arn)
		look := &graph.Look{Owner: sandboxtest.Owner, Only: []string{arn}}
		for kind, list := range map[string]func() error{
			"iam-role": func() error { _, err := s.roles.List(t.Context(), look); return err },
			"instance-profile": func() error {
				_, err := access.InstanceProfiles{API: s.IAM, Name: name}.List(t.Context(), look)
				return err
			},
			"flow-log-role": func() error {
				_, err := access.FlowLogRoles{API: s.IAM, Name: access.FlowLogRoleName(name)}.List(t.Context(), look)
				return err
			},
		} {
			if refused, ok := errors.AsType[*access.OthersNameError](list()); !ok || refused.ARN != arn {
				t.Errorf("%s: %s of another name was taken", kind, arn)
			}
		}
	})
}
