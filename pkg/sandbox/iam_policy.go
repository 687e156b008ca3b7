package sandbox

import (
	"maps"
	"slices"
	"strings"

	"provision/pkg/sandbox/policy"
)

const (
	maxAttached = 10    // managed policies a role
	maxInline   = 10240 // characters of a role's inline policies, white space not counted
)

type attachedPolicy struct {
	Name string `wire:"PolicyName"`
	ARN  string `wire:"PolicyArn"`
}

type attachedList struct {
	Policies []attachedPolicy `wire:"AttachedPolicies>member"`
	iamPage
}

type policyNames struct {
	Names []string `wire:"PolicyNames>member"`
	iamPage
}

type inlinePolicy struct {
	Role     string `wire:"RoleName"`
	Name     string `wire:"PolicyName"`
	Document string `wire:"PolicyDocument"`
}

func iamPolicyOperations(reg *registry) {
	reg.add("iam", "AttachRolePolicy", mutates, attachRolePolicy)
	reg.add("iam", "DetachRolePolicy", mutates, detachRolePolicy)
	reg.add("iam", "ListAttachedRolePolicies", reads, listAttachedRolePolicies)
	reg.add("iam", "ListPolicies", reads, listPolicies)
	reg.add("iam", "PutRolePolicy", mutates, putRolePolicy)
	reg.add("iam", "GetRolePolicy", reads, getRolePolicy)
	reg.add("iam", "DeleteRolePolicy", mutates, deleteRolePolicy)
	reg.add("iam", "ListRolePolicies", reads, listRolePolicies)
}

func attachRolePolicy(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	arn := c.Params.Str("PolicyArn")
	switch {
	case policy.Managed[arn] == nil:
		return nil, noEntity("Policy %s does not exist or is not attachable.", arn)
	case slices.Contains(found.Attached, arn):
		return nil, nil
	case len(found.Attached) == maxAttached:
		return nil, limitExceeded("PoliciesPerRole", maxAttached)
	}
	found.Attached = append(found.Attached, arn)
	c.global.touch()
	return nil, nil
}

func detachRolePolicy(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	arn := c.Params.Str("PolicyArn")
	i := slices.Index(found.Attached, arn)
	if i < 0 {
		return nil, noEntity("Policy %s was not found.", arn)
	}
	found.Attached = slices.Delete(found.Attached, i, i+1)
	c.global.touch()
	return nil, nil
}

func listAttachedRolePolicies(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	page, more, err := pageOf(c.Params, found.Attached)
	if err != nil {
		return nil, err
	}
	out := attachedList{iamPage: more}
	for _, arn := range page {
		out.Policies = append(out.Policies, attachedPolicy{Name: arn[strings.LastIndex(arn, "/")+1:], ARN: arn})
	}
	return out, nil
}

func putRolePolicy(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	name, err := iamName(c.Params, "PolicyName", profileName)
	if err != nil {
		return nil, err
	}
	document := c.Params.Str("PolicyDocument")
	if err := policy.CheckPermissions(document); err != nil {
		return nil, err
	}
	size := policySize(document)
	for other, have := range found.Inline {
		if other != name {
			size += policySize(have)
		}
	}
	if size > maxInline {
		return nil, limitExceeded("MaxRolePolicySize", maxInline)
	}
	found.Inline[name] = document
	c.global.touch()
	return nil, nil
}

func policySize(document string) int { return len(strings.Join(strings.Fields(document), "")) }

func getRolePolicy(c *call) (any, error) {
	found, name, err := inlineOf(c)
	if err != nil {
		return nil, err
	}
	return inlinePolicy{Role: found.Name, Name: name, Document: encodeDocument(found.Inline[name])}, nil
}

func deleteRolePolicy(c *call) (any, error) {
	found, name, err := inlineOf(c)
	if err != nil {
		return nil, err
	}
	delete(found.Inline, name)
	c.global.touch()
	return nil, nil
}

func listRolePolicies(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	page, more, err := pageOf(c.Params, slices.Sorted(maps.Keys(found.Inline)))
	if err != nil {
		return nil, err
	}
	return policyNames{Names: page, iamPage: more}, nil
}

// inlineOf is the role and the name of its inline policy that the request names.
func inlineOf(c *call) (*role, string, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, "", err
	}
	name := c.Params.Str("PolicyName")
	if _, ok := found.Inline[name]; !ok {
		return nil, "", noEntity("The role policy with name %s cannot be found.", name)
	}
	return found, name, nil
}
