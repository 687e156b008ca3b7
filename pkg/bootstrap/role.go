package bootstrap

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/cloud"
	"provision/pkg/policy"
)

// policyName is of the one inline policy that each role has.
const policyName = "provision"

type wantedRole struct {
	name          string
	trust, allows policy.Document
}

func (b Bootstrap) planRole(ctx context.Context, want wantedRole) ([]Step, error) {
	out, err := b.API.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(want.name)})
	if cloud.IsNotFound(err) {
		return []Step{
			{"create the role " + want.name, func(ctx context.Context) error { return b.createRole(ctx, want) }},
			{"add to the role " + want.name + " its policy", func(ctx context.Context) error { return b.putPolicy(ctx, want) }},
		}, nil
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the role %s: %w", want.name, err)
	case !b.owns(out.Role.Tags):
		return nil, &ForeignError{"the role " + want.name}
	}
	var steps []Step
	if !same(aws.ToString(out.Role.AssumeRolePolicyDocument), want.trust) {
		steps = append(steps, Step{"change who may assume the role " + want.name, func(ctx context.Context) error {
			_, err := b.API.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
				RoleName: aws.String(want.name), PolicyDocument: aws.String(want.trust.Compact()),
			})
			return err
		}})
	}
	have, err := b.API.GetRolePolicy(ctx, &iam.GetRolePolicyInput{
		RoleName: aws.String(want.name), PolicyName: aws.String(policyName),
	})
	if cloud.IgnoreNotFound(err) != nil {
		return nil, fmt.Errorf("read the policy of the role %s: %w", want.name, err)
	}
	if err != nil || !same(aws.ToString(have.PolicyDocument), want.allows) {
		steps = append(steps, Step{"change the policy of the role " + want.name, func(ctx context.Context) error {
			return b.putPolicy(ctx, want)
		}})
	}
	return steps, nil
}

func (b Bootstrap) createRole(ctx context.Context, want wantedRole) error {
	_, err := b.API.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(want.name), AssumeRolePolicyDocument: aws.String(want.trust.Compact()), Tags: b.tags(),
		Description: aws.String("provision: the stack " + b.Scope.Stack),
	})
	return err
}

func (b Bootstrap) putPolicy(ctx context.Context, want wantedRole) error {
	_, err := b.API.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String(want.name), PolicyName: aws.String(policyName),
		PolicyDocument: aws.String(want.allows.Compact()),
	})
	return err
}

func (b Bootstrap) planRoleRemoval(ctx context.Context, r wantedRole) ([]Step, error) {
	out, err := b.API.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(r.name)})
	switch {
	case cloud.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the role %s: %w", r.name, err)
	case !b.owns(out.Role.Tags):
		return nil, &ForeignError{"the role " + r.name}
	}
	return []Step{{"remove the role " + r.name, func(ctx context.Context) error {
		_, err := b.API.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{
			RoleName: aws.String(r.name), PolicyName: aws.String(policyName),
		})
		if cloud.IgnoreNotFound(err) != nil {
			return err
		}
		_, err = b.API.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(r.name)})
		return cloud.IgnoreNotFound(err)
	}}}, nil
}

// same compares a policy as IAM gives it, which is URL-encoded, with a wanted one, whatever their white space.
func same(encoded string, want policy.Document) bool {
	text, err := url.QueryUnescape(encoded)
	if err != nil {
		return false
	}
	var have, wanted any
	return json.Unmarshal([]byte(text), &have) == nil && json.Unmarshal([]byte(want.Compact()), &wanted) == nil &&
		reflect.DeepEqual(have, wanted)
}
