package compute

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// LaunchTemplateAPI is what the launch template calls.
type LaunchTemplateAPI interface {
	cloud.EC2Tagger
	ec2.DescribeLaunchTemplatesAPIClient
	ec2.DescribeLaunchTemplateVersionsAPIClient
	CreateLaunchTemplate(
		context.Context, *ec2.CreateLaunchTemplateInput, ...func(*ec2.Options),
	) (*ec2.CreateLaunchTemplateOutput, error)
	CreateLaunchTemplateVersion(
		context.Context, *ec2.CreateLaunchTemplateVersionInput, ...func(*ec2.Options),
	) (*ec2.CreateLaunchTemplateVersionOutput, error)
	ModifyLaunchTemplate(
		context.Context, *ec2.ModifyLaunchTemplateInput, ...func(*ec2.Options),
	) (*ec2.ModifyLaunchTemplateOutput, error)
	DeleteLaunchTemplate(
		context.Context, *ec2.DeleteLaunchTemplateInput, ...func(*ec2.Options),
	) (*ec2.DeleteLaunchTemplateOutput, error)
}

// LaunchTemplateState is a launch template as observed. A version can't be changed once it is made, so that the note
// which goes with it tells what it holds: as a tag without a call of its own, and as the version's description for
// when the tag is not of the version that is launched.
type LaunchTemplateState struct {
	graph.Identity
	Name            string
	Latest, Default int64 // versions
	Note            Note
}

// Facts implements [kind.Telling]: its version.
func (o LaunchTemplateState) Facts() []string {
	return []string{fmt.Sprintf("version %d", o.Default)}
}

// LaunchTemplates is the kind "launch-template".
type LaunchTemplates struct{ API LaunchTemplateAPI }

// LaunchTemplate is the wish for one. Its data is in launch_data.go.
type LaunchTemplate struct {
	LaunchTemplates
	graph.Meta
	Name            string
	AMI             string
	InstanceType    string
	InstanceProfile string // its name
	SecurityGroup   graph.Ref
	UserData        string            // the script as it is, 16 KB at most
	VolumeGB        int32             // of the root volume, in GiB
	RootDevice      string            // empty: as in Amazon Linux
	InstanceTags    map[string]string // of instances, their volumes and network interfaces
}

// The facts that an Auto Scaling group has to know of its template.
const (
	OutputVersion = "version"  // the version to launch
	OutputSince   = "since"    // the oldest version whose instances need not be replaced
	OutputData    = "contents" // what the version holds
)

// Outputs implements [graph.Outputs].
func (o LaunchTemplateState) Outputs() map[string]string {
	return map[string]string{
		OutputVersion: strconv.FormatInt(o.Note.Version, 10),
		OutputSince:   strconv.FormatInt(o.Note.Since, 10),
		OutputData:    o.Note.Contents,
	}
}

// newVersion is what a change of a launch template's data takes. The tags note the version's data. The group
// then replaces its instances, unless only their tags are others.
var newVersion = []string{"ec2:CreateLaunchTemplateVersion", "ec2:CreateTags", "ec2:ModifyLaunchTemplate"}

// LaunchTemplateKind is what is known of the kind "launch-template".
var LaunchTemplateKind = kind.Register(kind.Registration{
	Title:    "Launch template",
	TaggedAs: types.ResourceTypeLaunchTemplate,
	After:    []string{"auto-scaling-group"},
	Writes: kind.Writes{
		Create: "ec2:CreateLaunchTemplate", Delete: []string{"ec2:DeleteLaunchTemplate"},
		Update: []kind.Update{
			kind.Tagging("ec2:CreateTags", "ec2:DeleteTags"),
			{Field: "launch tags", Set: newVersion},
			{Field: fieldRules, Set: newVersion},
			{Field: "launch ", Set: newVersion, Then: []string{"autoscaling:StartInstanceRefresh"}},
			{Field: "defaultVersion", Set: []string{"ec2:ModifyLaunchTemplate"}},
		},
	},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"},
		Create: []string{"ec2:CreateLaunchTemplate"},
		Change: []string{
			"ec2:CreateTags", "ec2:DeleteTags",
			"ec2:CreateLaunchTemplateVersion", "ec2:DeleteLaunchTemplate", "ec2:ModifyLaunchTemplate",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{"launch ", "defaultVersion"},
		Unread:   []string{"versions that are not launched"},
	},
	Place: kind.Template,
}, func(c *cloud.Region, _ string) LaunchTemplates { return LaunchTemplates{API: c.EC2} })

// Kind implements [graph.Kind].
func (LaunchTemplates) Kind() string { return "launch-template" }

// Pace implements [graph.Kind].
func (LaunchTemplates) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: by client token, and the name is unique in a region.
func (LaunchTemplates) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k LaunchTemplates) List(ctx context.Context, s *graph.Look) ([]LaunchTemplateState, error) {
	return graph.Once(ctx, s, "launch-templates", func(ctx context.Context) ([]LaunchTemplateState, error) {
		in := &ec2.DescribeLaunchTemplatesInput{LaunchTemplateIds: s.Only}
		if s.Only == nil {
			in.Filters = cloud.EC2Filter(s, "")
		}
		var found []LaunchTemplateState
		for pages := ec2.NewDescribeLaunchTemplatesPaginator(k.API, in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, cloud.IgnoreNotFound(err)
			}
			for _, template := range page.LaunchTemplates {
				found = append(found, observeLaunchTemplate(template))
			}
		}
		for i := range found {
			if err := k.readNote(ctx, &found[i]); err != nil {
				return nil, err
			}
		}
		return found, nil
	})
}

// readNote reads the description of the version that is launched, if the tag's note is of another: a run ended between
// the two, or an emulator does not show changed tags.
func (k LaunchTemplates) readNote(ctx context.Context, o *LaunchTemplateState) error {
	if o.Note.Version == o.Default {
		return nil
	}
	out, err := k.API.DescribeLaunchTemplateVersions(ctx, &ec2.DescribeLaunchTemplateVersionsInput{
		LaunchTemplateId: aws.String(o.ID), Versions: []string{strconv.FormatInt(o.Default, 10)},
	})
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	for _, version := range out.LaunchTemplateVersions {
		if n, ok := noteOf(version); ok {
			o.Note = n
		}
	}
	return nil
}

// Phase implements [graph.Kind].
func (LaunchTemplates) Phase(LaunchTemplateState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind]. All versions go with it.
func (k LaunchTemplates) Delete(ctx context.Context, o LaunchTemplateState) error {
	_, err := k.API.DeleteLaunchTemplate(ctx, &ec2.DeleteLaunchTemplateInput{LaunchTemplateId: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

func observeLaunchTemplate(template types.LaunchTemplate) LaunchTemplateState {
	o := LaunchTemplateState{
		Identity: cloud.EC2Identity(template.LaunchTemplateId, template.Tags),
		Name:     aws.ToString(template.LaunchTemplateName),
		Latest:   aws.ToInt64(template.LatestVersionNumber),
		Default:  aws.ToInt64(template.DefaultVersionNumber),
	}
	o.Note = parseNote(o.Tags[TagNote])
	return o
}
