package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// RoleAPI is what this file and role_wish.go call.
type RoleAPI interface {
	roleAPI
	iam.ListInstanceProfilesForRoleAPIClient
}

// RoleState is a role as observed. Its ID is its ARN, since an instance profile may have the same name.
type RoleState struct {
	graph.Identity
	Trust    string   // who may assume the role, as JSON in its canonical form
	Boundary string   // the ARN of the policy that bounds what any other can allow it; empty: none does
	Session  string   // what the program embedded, in the same form; empty: it is not there
	Policies []string // ARNs of the managed policies attached
	Inline   []string // names of the policies embedded
}

// Roles is the kind "iam-role". They are found by name, which is unique in an account: IAM has no list by tag.
type Roles struct {
	API   RoleAPI
	Name  string
	Older []string // names that earlier versions gave it
}

const onRole = "iam::{account}:role/{role}"

// RoleKind is what is known of the kind "iam-role".
var RoleKind = kind.Register(kind.Registration{
	Title:    "IAM role",
	Global:   true,
	TaggedAs: kind.NotByEC2,
	After:    []string{"instance-profile"},
	Writes: kind.Writes{
		Create: "iam:CreateRole", Later: []string{fieldSession},
		Update: []kind.Update{
			kind.Tagging("iam:TagRole", "iam:UntagRole"),
			{Field: fieldTrust, Set: []string{"iam:UpdateAssumeRolePolicy"}},
			{Field: fieldBoundary, Set: []string{"iam:PutRolePermissionsBoundary"}},
			{Field: fieldSession, Set: []string{"iam:PutRolePolicy"}},
			{Field: fieldFormer, Set: []string{"iam:DetachRolePolicy"}},
		},
		Delete: []string{"iam:DeleteRolePolicy", "iam:DeleteRole"},
	},
	Actions: kind.Actions{
		On:      []string{onRole},
		ReadOn:  append([]string{"iam:ListInstanceProfilesForRole"}, roleReads...),
		Further: roleRights("InstanceRole", onRole, roleBoundary),
		Admin:   retrusts,
	},
	Drift: kind.Drift{
		Repaired: []string{fieldTrust, fieldBoundary, fieldSession, fieldFormer},
		Reported: []string{reportedPolicy, reportedInline, reportedBoundary},
		Unread:   []string{"what the policies of others allow", "the longest session"},
	},
	Least: kind.Least{Follow: kind.OneCall},
	Place: kind.Account,
}, func(c *cloud.Region, stack string) Roles {
	names := RoleNames(stack)
	return Roles{API: c.IAM, Name: names[0], Older: names[1:]}
})

// Kind implements [graph.Kind].
func (Roles) Kind() string { return "iam-role" }

// Pace implements [graph.Kind].
func (Roles) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: the name is unique.
func (Roles) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k Roles) List(ctx context.Context, s *graph.Look) ([]RoleState, error) {
	return graph.Once(ctx, s, "roles", func(ctx context.Context) ([]RoleState, error) {
		return each(ctx, s, append([]string{k.Name}, k.Older...), k.named)
	})
}

// OthersNameError says that the state names something that can't be the stack's, since it has another name. A person who can write
// to the state could otherwise give the instances any role of the account: IAM's permissions on roles are by name, and
// one without tags would pass for the stack's with its tags lost.
type OthersNameError struct {
	ARN   string
	Names []string // that the stack's has, or had in an earlier version
}

func (e *OthersNameError) Error() string {
	return fmt.Sprintf("the state names %s, which is not this stack's: that is called %s", e.ARN, strings.Join(e.Names, " or "))
}

// NextStep implements ending.Advisor.
func (*OthersNameError) NextStep() string {
	return "find out who wrote to the state, and go back to a good one: `provision state history`, then `provision state restore`"
}

// each reads things by their names, or those that the look is limited to. One that does not exist is left out.
func each[O any](
	ctx context.Context, s *graph.Look, names []string, read func(context.Context, string) (O, error),
) ([]O, error) {
	if s.Only != nil {
		for _, arn := range s.Only {
			if !slices.Contains(names, nameOf(arn)) {
				return nil, &OthersNameError{ARN: arn, Names: names}
			}
		}
		names = namesOf(s.Only)
	}
	var found []O
	for _, name := range names {
		o, err := read(ctx, name)
		switch {
		case err == nil:
			found = append(found, o)
		case !cloud.IsNotFound(err):
			return nil, err
		}
	}
	return found, nil
}

// named reads the role and, in parallel, its policies.
func (k Roles) named(ctx context.Context, name string) (RoleState, error) {
	var o RoleState
	var session string
	var policies, inline []string
	var calls errgroup.Group
	calls.Go(func() error {
		out, err := k.API.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
		if err == nil {
			o, err = observeRole(*out.Role)
		}
		return err
	})
	calls.Go(func() (err error) {
		policies, err = attachedTo(ctx, k.API, name)
		return err
	})
	calls.Go(func() (err error) {
		inline, err = embeddedIn(ctx, k.API, name)
		return err
	})
	calls.Go(func() (err error) {
		session, err = embedded(ctx, k.API, name, sessionPolicy)
		return err
	})
	err := calls.Wait()
	o.Policies, o.Inline, o.Session = slices.Sorted(slices.Values(policies)), slices.Sorted(slices.Values(inline)), session
	return o, err
}

// Phase implements [graph.Kind].
func (Roles) Phase(RoleState) (graph.Phase, string) { return graph.Ready, "" }

// Blockers implements [graph.Blocking]: instance profiles. The stack's own is gone before its role.
func (k Roles) Blockers(ctx context.Context, _ *graph.Look, o RoleState) ([]graph.Blocker, error) {
	in := &iam.ListInstanceProfilesForRoleInput{RoleName: aws.String(nameOf(o.ID))}
	var blockers []graph.Blocker
	for pages := iam.NewListInstanceProfilesForRolePaginator(k.API, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, cloud.IgnoreNotFound(err)
		}
		for _, profile := range page.InstanceProfiles {
			blockers = append(blockers, graph.Blocker{
				ID: aws.ToString(profile.InstanceProfileName), Kind: InstanceProfiles{}.Kind(),
			})
		}
	}
	return blockers, nil
}

// Delete implements [graph.Kind].
func (k Roles) Delete(ctx context.Context, o RoleState) error {
	return deleteRole(ctx, k.API, nameOf(o.ID),
		func() ([]string, error) { return o.Policies, nil }, func() ([]string, error) { return o.Inline, nil })
}

func observeRole(role types.Role) (RoleState, error) {
	trust, err := decodePolicy(aws.ToString(role.AssumeRolePolicyDocument))
	return RoleState{Identity: identity(role.Arn, role.Tags), Trust: trust, Boundary: boundaryOf(&role)}, err
}
