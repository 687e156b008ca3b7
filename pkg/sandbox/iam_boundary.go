package sandbox

import "provision/pkg/sandbox/policy"

// A permissions boundary is a managed policy, which limits what the role can do. It is also the condition key
// iam:PermissionsBoundary: of the role, or for calls that set one, of the call.

func iamBoundaryOperations(reg *registry) {
	reg.add("iam", "PutRolePermissionsBoundary", mutates, putBoundary)
	reg.add("iam", "DeleteRolePermissionsBoundary", mutates, deleteBoundary)
}

func checkBoundary(arn string) error {
	if arn != "" && policy.Managed[arn] == nil {
		return noEntity("Scope ARN: %s does not exist or is not attachable.", arn)
	}
	return nil
}

func putBoundary(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	arn := c.Params.Str("PermissionsBoundary")
	if arn == "" {
		return nil, missing("PermissionsBoundary")
	}
	if err := checkBoundary(arn); err != nil {
		return nil, err
	}
	found.Boundary = arn
	c.global.touch()
	return nil, nil
}

func deleteBoundary(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	if found.Boundary == "" {
		return nil, noEntity("Role %s has no permissions boundary.", found.Name)
	}
	found.Boundary = ""
	c.global.touch()
	return nil, nil
}

// boundary is the value of the condition key: see "Actions, resources, and condition keys for AWS Identity and Access
// Management".
func (c *call) boundary() string {
	if sent := c.Params.Str("PermissionsBoundary"); sent != "" {
		return sent
	}
	if found := roles.get(c.global, c.Params.Str("RoleName")); found != nil {
		return found.Boundary
	}
	return ""
}
