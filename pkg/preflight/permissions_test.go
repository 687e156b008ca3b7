package preflight

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/sandbox"
)

// A session does not tell the path of its role, by which the simulator knows it.
func TestPermissionsOfARoleWithAPath(t *testing.T) {
	const name = "AWSReservedSSO_Admin_1a2b"
	p := preflight(t, 0)
	p.Stack.Config = &config.Config{Name: "web"}
	p.Identity = cloud.Identity{ARN: "arn:aws:sts::" + sandbox.DefaultAccount + ":assumed-role/" + name + "/somebody"}
	admin := p.Stack.Cloud.IAM("eu-west-1")
	if _, err := p.simulate(t.Context(), []string{"ec2:CreateVpc"}); !cloud.IsNotFound(err) {
		t.Errorf("a role that is not there: %v", err)
	}
	if _, err := admin.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/aws-reserved/sso.amazonaws.com/"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
			`"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(name), PolicyName: aws.String("some"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"*"}]}`),
	}); err != nil {
		t.Fatal(err)
	}
	found, err := p.simulate(t.Context(), []string{"ec2:CreateVpc", "ec2:DeleteVpc"})
	if err != nil || !slices.Equal(found.unsure, []string{"ec2:DeleteVpc"}) || found.forbidden != nil {
		t.Errorf("got %+v, %v", found, err)
	}
}
