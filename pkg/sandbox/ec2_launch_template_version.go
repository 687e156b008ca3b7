package sandbox

import (
	"slices"
	"strconv"
	"time"

	"provision/pkg/sandbox/wire"
)

// templateVersion is one version of a launch template. It never changes.
type templateVersion struct {
	Number      int
	Description string
	Created     time.Time
	CreatedBy   string
	Data        launchData
}

// versionView is a version as it is described.
type versionView struct {
	TemplateID   string     `wire:"launchTemplateId"`
	TemplateName string     `wire:"launchTemplateName"`
	Number       int        `wire:"versionNumber"`
	Description  string     `wire:"versionDescription"`
	Created      time.Time  `wire:"createTime"`
	CreatedBy    string     `wire:"createdBy"`
	Default      bool       `wire:"defaultVersion"`
	Data         launchData `wire:"launchTemplateData"`
}

var versionFields = fields[versionView]{
	"create-time":          one(func(v *versionView) string { return v.Created.UTC().Format(wire.Time) }),
	"image-id":             one(func(v *versionView) string { return v.Data.ImageID }),
	"instance-type":        one(func(v *versionView) string { return v.Data.InstanceType }),
	"is-default-version":   yes(func(v *versionView) bool { return v.Default }),
	"ebs-optimized":        yes(func(v *versionView) bool { return isTrue(v.Data.EBSOptimized) }),
	"iam-instance-profile": one(func(v *versionView) string { return v.Data.profile() }),
}

func isTrue(b *bool) bool { return b != nil && *b }

// profile is the ARN or name of the instance profile, empty without one.
func (d *launchData) profile() string {
	switch {
	case d.Profile == nil:
		return ""
	case d.Profile.ARN != "":
		return d.Profile.ARN
	default:
		return d.Profile.Name
	}
}

// add appends a version and numbers it.
func (t *launchTemplate) add(v templateVersion) *templateVersion {
	t.Latest++
	v.Number = t.Latest
	t.Versions = append(t.Versions, v)
	return &t.Versions[len(t.Versions)-1]
}

// version is the one that is meant by a number, $Latest, $Default or, as that, nothing.
func (t *launchTemplate) version(text string) (*templateVersion, error) {
	number, err := strconv.Atoi(text)
	switch {
	case text == "" || text == "$Default":
		number = t.Default
	case text == "$Latest":
		number = t.Latest
	case err != nil:
		return nil, fail("InvalidLaunchTemplateId.VersionNotFound", "Could not find launch template version: %s", text)
	}
	for i := range t.Versions {
		if t.Versions[i].Number == number {
			return &t.Versions[i], nil
		}
	}
	return nil, t.noVersion(number)
}

func (t *launchTemplate) noVersion(number int) error {
	return fail("InvalidLaunchTemplateId.VersionNotFound",
		"Could not find the specified version %d for the launch template with ID %s.", number, t.ID)
}

// heardOf is a version that the news has spread of.
func (t *launchTemplate) heardOf(r *region, text string) (*templateVersion, error) {
	v, err := t.version(text)
	if err == nil && !r.heard(t.newsOf(v)) {
		return nil, t.noVersion(v.Number)
	}
	return v, err
}

func (t *launchTemplate) newsOf(v *templateVersion) string {
	return t.ID + " version " + strconv.Itoa(v.Number)
}

func (t *launchTemplate) view(v *templateVersion) *versionView {
	return &versionView{t.ID, t.Name, v.Number, v.Description, v.Created, v.CreatedBy, v.Number == t.Default, v.Data}
}

func createLaunchTemplateVersion(c *call) (any, error) {
	t, err := c.template(c.Params)
	if err != nil {
		return nil, err
	}
	data, err := readLaunchData(c.In("LaunchTemplateData"), nil)
	if err != nil {
		return nil, err
	}
	if c.Has("SourceVersion") {
		source, err := t.version(c.Str("SourceVersion"))
		if err != nil {
			return nil, err
		}
		data = data.over(source.Data)
	}
	made := t.add(templateVersion{
		Description: c.Str("VersionDescription"), Data: data, Created: c.region.now, CreatedBy: c.callerARN(),
	})
	c.region.announce(t.newsOf(made))
	c.region.touch()
	return struct {
		Version *versionView `wire:"launchTemplateVersion"`
	}{t.view(made)}, nil
}

func describeLaunchTemplateVersions(c *call) (any, error) {
	wanted := c.List("LaunchTemplateVersion")
	by, err := selectors(c, versionFields)
	if err != nil {
		return nil, err
	}
	var all []*versionView
	if c.Has("LaunchTemplateId") || c.Has("LaunchTemplateName") {
		all, err = versionsOfOne(c, wanted)
	} else {
		all, err = versionsOfAll(c.region, wanted)
	}
	if err != nil {
		return nil, err
	}
	rows := make([]*row[versionView], 0, len(all))
	for i, v := range all {
		if selected(v, by) {
			rows = append(rows, &row[versionView]{Nr: i, Thing: v})
		}
	}
	limit, err := c.Num("MaxResults", 200)
	if err != nil {
		return nil, err
	}
	found, next, err := cut(c, rows, limit)
	return struct {
		Versions []*versionView `wire:"launchTemplateVersionSet>item"`
		page
	}{found, next}, err
}

// versionsOfOne are the wanted versions of the template that is named, all if none is wanted in particular.
func versionsOfOne(c *call, wanted []string) ([]*versionView, error) {
	t, err := c.template(c.Params)
	if err != nil {
		return nil, err
	}
	lowest, err := c.Num("MinVersion", 1)
	if err != nil {
		return nil, err
	}
	highest, err := c.Num("MaxVersion", t.Latest)
	if err != nil {
		return nil, err
	}
	var out []*versionView
	for i := len(t.Versions) - 1; i >= 0 && len(wanted) == 0; i-- { // the newest first
		if v := &t.Versions[i]; v.Number >= lowest && v.Number <= highest {
			out = append(out, t.view(v))
		}
	}
	for _, text := range wanted {
		v, err := t.heardOf(c.region, text)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(have *versionView) bool { return have.Number == v.Number }) {
			out = append(out, t.view(v))
		}
	}
	return out, nil
}

// versionsOfAll are the latest or default versions of all templates; numbers have no meaning without a template.
func versionsOfAll(r *region, wanted []string) ([]*versionView, error) {
	if len(wanted) == 0 {
		return nil, fail("MissingParameter", "Either a launch template ID or a launch template name must be specified")
	}
	var out []*versionView
	for _, text := range wanted {
		if text != "$Latest" && text != "$Default" {
			return nil, fail("InvalidParameterCombination",
				"Without a launch template, the only versions that can be described are $Latest and $Default.")
		}
	}
	for t := range launchTemplates.all(r) {
		latest, byDefault := slices.Contains(wanted, "$Latest"), slices.Contains(wanted, "$Default")
		for i := range t.Versions {
			if v := &t.Versions[i]; latest && v.Number == t.Latest || byDefault && v.Number == t.Default {
				out = append(out, t.view(v))
			}
		}
	}
	return out, nil
}
