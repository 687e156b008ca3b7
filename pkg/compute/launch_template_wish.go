package compute

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

const (
	fieldData    = "launch " // the start of the names of all fields of a version
	fieldRules   = "launch rules"
	fieldVersion = "launch version"
	fieldDefault = "defaultVersion"
)

// Needs implements [graph.Resource].
func (r LaunchTemplate) Needs() []graph.Need {
	return []graph.Need{r.SecurityGroup.Made(), r.SecurityGroup.Made().ThenUpdate()}
}

// Diff implements [graph.Resource]. Versions that others add are no difference: no group of the stack launches them.
func (r LaunchTemplate) Diff(o LaunchTemplateState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	data := r.dataChanges(o.Note.Contents)
	switch {
	case len(data) > 0:
		return append(changes, data...)
	case o.Note.Version == 0 || o.Note.Version > o.Latest:
		return append(changes, graph.Change{Field: fieldVersion, From: "deleted", To: "created again"})
	case o.Default != o.Note.Version:
		return append(changes, graph.Change{
			Field: fieldDefault, From: strconv.FormatInt(o.Default, 10), To: strconv.FormatInt(o.Note.Version, 10),
		})
	}
	return changes
}

// Create implements [graph.Resource].
func (r LaunchTemplate) Create(ctx context.Context, c graph.Claim) (LaunchTemplateState, error) {
	note := Note{Version: 1, Since: 1, Contents: r.contents()}
	tags := maps.Clone(c.Tags)
	tags[TagNote] = note.String()
	out, err := r.API.CreateLaunchTemplate(ctx, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String(r.Name),
		LaunchTemplateData: r.data(),
		VersionDescription: aws.String(note.description()),
		ClientToken:        aws.String(c.Nonce),
		TagSpecifications:  cloud.EC2TagSpec(types.ResourceTypeLaunchTemplate, tags),
	})
	if err != nil {
		return LaunchTemplateState{}, err
	}
	o := observeLaunchTemplate(*out.LaunchTemplate)
	o.Tags, o.Note = tags, note
	return o, nil
}

// Update implements [graph.Resource]. The note follows the version that it is of: a crash in between makes the same
// call again, whose token leads to the same version.
func (r LaunchTemplate) Update(
	ctx context.Context, o LaunchTemplateState, changes []graph.Change,
) (LaunchTemplateState, error) {
	note := o.Note
	if graph.Has(changes, fieldData) {
		var err error
		if note, err = r.newVersion(ctx, o, changes); err != nil {
			return o, err
		}
		o.Latest = max(o.Latest, note.Version)
	}
	var calls errgroup.Group
	var identity graph.Identity
	calls.Go(func() (err error) {
		identity, err = r.retag(ctx, o.Identity, note, changes)
		return err
	})
	if note.Version != o.Default {
		calls.Go(func() error {
			_, err := r.API.ModifyLaunchTemplate(ctx, &ec2.ModifyLaunchTemplateInput{
				LaunchTemplateId: aws.String(o.ID), DefaultVersion: aws.String(strconv.FormatInt(note.Version, 10)),
			})
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return o, err
	}
	o.Identity, o.Note, o.Default = identity, note, note.Version
	return o, nil
}

func (r LaunchTemplate) newVersion(ctx context.Context, o LaunchTemplateState, changes []graph.Change) (Note, error) {
	note := Note{Since: o.Note.Since, Contents: r.contents()}
	if replaces(changes) {
		note.Since = 0
	}
	out, err := r.API.CreateLaunchTemplateVersion(ctx, &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId:   aws.String(o.ID),
		LaunchTemplateData: r.data(),
		VersionDescription: aws.String(note.description()),
		ClientToken:        aws.String(r.versionToken(o)),
	})
	if err != nil {
		return Note{}, err
	}
	note.Version = aws.ToInt64(out.LaunchTemplateVersion.VersionNumber)
	if note.Since == 0 {
		note.Since = note.Version
	}
	return note, nil
}

// versionToken is the same for the same step, and another one for the way back.
func (r LaunchTemplate) versionToken(o LaunchTemplateState) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", o.ID, o.Note.Version, r.contents()))
	return hex.EncodeToString(sum[:16])
}

// retag writes the note along with the tags that differ.
func (r LaunchTemplate) retag(
	ctx context.Context, i graph.Identity, note Note, changes []graph.Change,
) (graph.Identity, error) {
	want := graph.Tags{Want: map[string]string{TagNote: note.String()}}
	changes = slices.Concat(changes, want.Diff(i.Tags))
	maps.Copy(want.Want, r.Labels.Want)
	return cloud.EC2Retag(ctx, r.API, i, want, changes)
}
