package access

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// InstanceProfileAPI is what this file calls.
type InstanceProfileAPI interface {
	GetInstanceProfile(
		context.Context, *iam.GetInstanceProfileInput, ...func(*iam.Options),
	) (*iam.GetInstanceProfileOutput, error)
	CreateInstanceProfile(
		context.Context, *iam.CreateInstanceProfileInput, ...func(*iam.Options),
	) (*iam.CreateInstanceProfileOutput, error)
	AddRoleToInstanceProfile(
		context.Context, *iam.AddRoleToInstanceProfileInput, ...func(*iam.Options),
	) (*iam.AddRoleToInstanceProfileOutput, error)
	RemoveRoleFromInstanceProfile(
		context.Context, *iam.RemoveRoleFromInstanceProfileInput, ...func(*iam.Options),
	) (*iam.RemoveRoleFromInstanceProfileOutput, error)
	DeleteInstanceProfile(
		context.Context, *iam.DeleteInstanceProfileInput, ...func(*iam.Options),
	) (*iam.DeleteInstanceProfileOutput, error)
	TagInstanceProfile(
		context.Context, *iam.TagInstanceProfileInput, ...func(*iam.Options),
	) (*iam.TagInstanceProfileOutput, error)
	UntagInstanceProfile(
		context.Context, *iam.UntagInstanceProfileInput, ...func(*iam.Options),
	) (*iam.UntagInstanceProfileOutput, error)
}

// InstanceProfileState is an instance profile as observed. Its ID is its ARN.
type InstanceProfileState struct {
	graph.Identity
	Roles []string // ARNs; IAM allows one
}

// InstanceProfiles is the kind "instance-profile". They are found by name, which is unique in an account.
type InstanceProfiles struct {
	API  InstanceProfileAPI
	Name string
}

// InstanceProfile is the wish for one, with the role in it.
type InstanceProfile struct {
	InstanceProfiles
	graph.Meta
	Role graph.Ref
}

const fieldRole = "role"

// InstanceProfileKind is what is known of the kind "instance-profile".
var InstanceProfileKind = kind.Register(kind.Registration{
	Title:    "Instance profile",
	Global:   true,
	TaggedAs: kind.NotByEC2,
	Writes: kind.Writes{
		Create: "iam:CreateInstanceProfile", Later: []string{fieldRole},
		Update: []kind.Update{
			kind.Tagging("iam:TagInstanceProfile", "iam:UntagInstanceProfile"),
			{Field: fieldRole, Set: []string{"iam:AddRoleToInstanceProfile"}},
		},
		Delete: []string{"iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"},
	},
	Actions: kind.Actions{
		On:     []string{"iam::{account}:instance-profile/{name}"},
		ReadOn: []string{"iam:GetInstanceProfile"},
		ChangeOn: []string{
			"iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile",
			"iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:UntagInstanceProfile",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldRole},
	},
	Least: kind.Least{Follow: kind.OneForEach},
	Place: kind.Account,
}, func(c *cloud.Region, name string) InstanceProfiles { return InstanceProfiles{API: c.IAM, Name: name} })

// Kind implements [graph.Kind].
func (InstanceProfiles) Kind() string { return "instance-profile" }

// Pace implements [graph.Kind].
func (InstanceProfiles) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: the name is unique.
func (InstanceProfiles) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k InstanceProfiles) List(ctx context.Context, s *graph.Look) ([]InstanceProfileState, error) {
	return graph.Once(ctx, s, "instance-profiles", func(ctx context.Context) ([]InstanceProfileState, error) {
		return each(ctx, s, []string{k.Name}, k.named)
	})
}

func (k InstanceProfiles) named(ctx context.Context, name string) (InstanceProfileState, error) {
	out, err := k.API.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String(name)})
	if err != nil {
		return InstanceProfileState{}, err
	}
	return observeInstanceProfile(*out.InstanceProfile), nil
}

// Phase implements [graph.Kind].
func (InstanceProfiles) Phase(InstanceProfileState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind].
func (k InstanceProfiles) Delete(ctx context.Context, o InstanceProfileState) error {
	for _, role := range o.Roles {
		if err := k.removeRole(ctx, o, role); err != nil {
			return err
		}
	}
	in := &iam.DeleteInstanceProfileInput{InstanceProfileName: aws.String(nameOf(o.ID))}
	_, err := k.API.DeleteInstanceProfile(ctx, in)
	return cloud.IgnoreNotFound(err)
}

// Needs implements [graph.Resource].
func (r InstanceProfile) Needs() []graph.Need { return []graph.Need{r.Role.Made().ThenUpdate()} }

// Diff implements [graph.Resource].
func (r InstanceProfile) Diff(o InstanceProfileState) []graph.Change {
	return append(r.Labels.Diff(o.Tags), graph.DiffRefs(fieldRole, o.Roles, r.Role)...)
}

// Create implements [graph.Resource].
func (r InstanceProfile) Create(ctx context.Context, c graph.Claim) (InstanceProfileState, error) {
	out, err := r.API.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{
		InstanceProfileName: aws.String(r.Name), Tags: tagList(c.Tags),
	})
	if err != nil {
		return InstanceProfileState{}, err
	}
	o := observeInstanceProfile(*out.InstanceProfile)
	o.Tags = c.Tags
	return o, nil
}

// Update implements [graph.Resource].
func (r InstanceProfile) Update(
	ctx context.Context, o InstanceProfileState, changes []graph.Change,
) (InstanceProfileState, error) {
	var calls errgroup.Group
	now := o
	calls.Go(func() (err error) {
		now.Identity, err = r.retag(ctx, o.Identity, changes)
		return err
	})
	if graph.Has(changes, fieldRole) {
		calls.Go(func() (err error) {
			now.Roles, err = r.setRole(ctx, o)
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return o, err
	}
	return now, nil
}

// setRole makes the wanted role the one in the profile. To add a role that is in it already is refused like any second
// one, which is no error here: the call may be a repeat of one whose answer was lost.
func (r InstanceProfile) setRole(ctx context.Context, o InstanceProfileState) ([]string, error) {
	want := r.Role.ID()
	for _, role := range o.Roles {
		if role != want {
			if err := r.removeRole(ctx, o, role); err != nil {
				return nil, err
			}
		}
	}
	_, err := r.API.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String(r.Name), RoleName: aws.String(nameOf(want)),
	})
	if err == nil {
		return []string{want}, nil
	}
	now, lookErr := r.named(ctx, r.Name)
	if lookErr == nil && slices.Contains(now.Roles, want) {
		return now.Roles, nil
	}
	return nil, err
}

func (k InstanceProfiles) removeRole(ctx context.Context, o InstanceProfileState, role string) error {
	_, err := k.API.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{
		InstanceProfileName: aws.String(nameOf(o.ID)), RoleName: aws.String(nameOf(role)),
	})
	return cloud.IgnoreNotFound(err)
}

func (r InstanceProfile) retag(ctx context.Context, i graph.Identity, changes []graph.Change) (graph.Identity, error) {
	name := aws.String(r.Name)
	return retag(i, r.Labels, changes, func(tags []types.Tag) error {
		_, err := r.API.TagInstanceProfile(ctx, &iam.TagInstanceProfileInput{InstanceProfileName: name, Tags: tags})
		return err
	}, func(keys []string) error {
		in := &iam.UntagInstanceProfileInput{InstanceProfileName: name, TagKeys: keys}
		_, err := r.API.UntagInstanceProfile(ctx, in)
		return err
	})
}

func observeInstanceProfile(profile types.InstanceProfile) InstanceProfileState {
	o := InstanceProfileState{Identity: identity(profile.Arn, profile.Tags)}
	for _, role := range profile.Roles {
		o.Roles = append(o.Roles, aws.ToString(role.Arn))
	}
	return o
}
