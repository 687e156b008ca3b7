package sandbox

import (
	"slices"
	"strings"
	"time"

	"provision/pkg/sandbox/policy"
	"provision/pkg/sandbox/wire"
)

// role is an IAM role.
type role struct {
	Path        string
	Name        string
	ID          string
	ARN         string
	Created     time.Time
	Trust       string // the policy document that says who may assume it
	Description string
	Session     int // the longest session, in seconds
	Boundary    string
	Tags        iamTags
	Attached    []string          // ARNs of managed policies
	Inline      map[string]string // policy documents by name
}

var roles = newKind[role]("iam-role", "")

const defaultSession = 3600

func iamRoleOperations(reg *registry) {
	reg.add("iam", "CreateRole", mutates, createRole)
	reg.add("iam", "GetRole", reads, getRole)
	reg.add("iam", "ListRoles", reads, listRoles)
	reg.add("iam", "DeleteRole", mutates, deleteRole)
	reg.add("iam", "UpdateRole", mutates, updateRole)
	reg.add("iam", "UpdateAssumeRolePolicy", mutates, updateAssumeRolePolicy)
	tagOperations(reg, "Role", func(c *call) (*iamTags, error) {
		found, err := roleOf(c)
		if err != nil {
			return nil, err
		}
		return &found.Tags, nil
	})
}

func createRole(c *call) (any, error) {
	name, err := iamName(c.Params, "RoleName", roleName)
	if err != nil {
		return nil, err
	}
	if roles.get(c.global, name) != nil {
		return nil, entityExists("Role with name %s already exists.", name)
	}
	made := &role{
		Name: name, Created: c.global.now, Trust: c.Params.Str("AssumeRolePolicyDocument"),
		Description: c.Params.Str("Description"), Boundary: c.Params.Str("PermissionsBoundary"),
		Inline: map[string]string{},
	}
	if err := checkBoundary(made.Boundary); err != nil {
		return nil, err
	}
	if made.Path, err = iamPathOf(c.Params); err != nil {
		return nil, err
	}
	if err := policy.CheckTrust(made.Trust); err != nil {
		return nil, err
	}
	if made.Session, err = sessionLength(c.Params, defaultSession); err != nil {
		return nil, err
	}
	if made.Tags, err = made.Tags.with(c.Params); err != nil {
		return nil, err
	}
	made.ID, made.ARN = c.global.iamID("AROA"), iamARN(c.account.id, "role", made.Path, name)
	roles.put(c.global, name, made)
	return roleAnswer{made.view()}, nil
}

func getRole(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	return roleAnswer{found.view()}, nil
}

func listRoles(c *call) (any, error) {
	prefix := c.Params.Str("PathPrefix")
	found := roles.where(c.global, func(r *role) bool { return strings.HasPrefix(r.Path, prefix) })
	slices.SortFunc(found, func(a, b *role) int { return strings.Compare(a.Name, b.Name) })
	page, more, err := pageOf(c.Params, found)
	if err != nil {
		return nil, err
	}
	out := roleList{iamPage: more}
	for _, r := range page {
		view := r.view()
		view.Tags, view.Boundary = nil, nil // ListRoles leaves them out, see its reference
		out.Roles = append(out.Roles, view)
	}
	return out, nil
}

func deleteRole(c *call) (any, error) {
	found, err := roleOf(c)
	switch {
	case err != nil:
		return nil, err
	case len(found.Attached) > 0:
		return nil, deleteConflict("detach all policies")
	case len(found.Inline) > 0:
		return nil, deleteConflict("delete policies")
	case instanceProfiles.any(c.global, func(p *instanceProfile) bool { return p.Role == found.Name }):
		return nil, deleteConflict("remove roles from instance profile")
	}
	roles.drop(c.global, found.Name)
	return nil, nil
}

func updateRole(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	session, err := sessionLength(c.Params, found.Session)
	if err != nil {
		return nil, err
	}
	found.Session = session
	if c.Params.Has("Description") {
		found.Description = c.Params.Str("Description")
	}
	c.global.touch()
	return struct{}{}, nil
}

func updateAssumeRolePolicy(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	document := c.Params.Str("PolicyDocument")
	if err := policy.CheckTrust(document); err != nil {
		return nil, err
	}
	found.Trust = document
	c.global.touch()
	return nil, nil
}

// roleOf is the role that the request names.
func roleOf(c *call) (*role, error) {
	name := c.Params.Str("RoleName")
	if found := roles.get(c.global, name); found != nil {
		return found, nil
	}
	return nil, noEntity("The role with name %s cannot be found.", name)
}

func sessionLength(p wire.Params, byDefault int) (int, error) {
	n, err := p.Num("MaxSessionDuration", byDefault)
	if err != nil || n < 3600 || n > 43200 {
		return 0, iamInvalid("MaxSessionDuration", "Member must have value between 3600 and 43200")
	}
	return n, nil
}
