package sandbox

import (
	"regexp"
	"slices"
	"time"

	"provision/pkg/sandbox/wire"
)

type launchTemplate struct {
	ID        string    `wire:"launchTemplateId"`
	Name      string    `wire:"launchTemplateName"`
	Created   time.Time `wire:"createTime"`
	CreatedBy string    `wire:"createdBy"`
	Default   int       `wire:"defaultVersionNumber"`
	Latest    int       `wire:"latestVersionNumber"`
	tagSet

	Versions []templateVersion
}

var launchTemplates = newKind[launchTemplate]("launch-template", "lt")

var launchTemplateListing = listing[launchTemplate]{
	of: launchTemplates, ids: "LaunchTemplateId", unknown: noTemplateID, least: 1,
	fields: fields[launchTemplate]{
		"launch-template-name": one(func(t *launchTemplate) string { return t.Name }),
		"create-time":          one(func(t *launchTemplate) string { return t.Created.UTC().Format(wire.Time) }),
	},
}

// templateName is from "CreateLaunchTemplate".
var templateName = regexp.MustCompile(`^[a-zA-Z0-9().\-/_]{3,128}$`)

func launchTemplateArea(reg *registry) {
	reg.ec2("CreateLaunchTemplate", mutates|tokened, createLaunchTemplate)
	reg.ec2("CreateLaunchTemplateVersion", mutates|tokened, createLaunchTemplateVersion)
	reg.ec2("ModifyLaunchTemplate", mutates|tokened, modifyLaunchTemplate)
	reg.ec2("DeleteLaunchTemplate", mutates, deleteLaunchTemplate)
	reg.ec2("DescribeLaunchTemplates", reads, describeLaunchTemplates)
	reg.ec2("DescribeLaunchTemplateVersions", reads, describeLaunchTemplateVersions)
}

func noTemplateID(id string) *Error {
	return fail("InvalidLaunchTemplateId.NotFound",
		"The specified launch template, with template ID %s, does not exist.", id)
}

func noTemplateName(name string) *Error {
	return fail("InvalidLaunchTemplateName.NotFoundException",
		"The specified launch template, with template name %s, does not exist.", name)
}

// templateAnswer is the answer of the calls about one template.
type templateAnswer struct {
	Template *launchTemplate `wire:"launchTemplate"`
}

// template is the launch template that parameters name, by exactly one of ID and name.
func (c *call) template(p wire.Params) (*launchTemplate, error) {
	id, name := p.Str("LaunchTemplateId"), p.Str("LaunchTemplateName")
	switch {
	case id != "" && name != "":
		return nil, fail("InvalidParameterCombination",
			"Either provide launch template ID or launch template name, not both.")
	case id == "" && name == "":
		return nil, fail("MissingParameter", "Either a launch template ID or a launch template name must be specified")
	}
	return findTemplate(c.region, id, name)
}

// findTemplate looks a template up by ID or, without one, by name.
func findTemplate(r *region, id, name string) (*launchTemplate, error) {
	if id == "" {
		return templateByName(r, name)
	}
	if t := launchTemplates.get(r, id); t != nil {
		return t, nil
	}
	return nil, noTemplateID(id)
}

func templateByName(r *region, name string) (*launchTemplate, error) {
	for t := range launchTemplates.all(r) {
		if t.Name == name {
			return t, nil
		}
	}
	return nil, noTemplateName(name)
}

func createLaunchTemplate(c *call) (any, error) {
	name := c.Str("LaunchTemplateName")
	if !templateName.MatchString(name) {
		return nil, fail("InvalidLaunchTemplateName.MalformedException",
			"A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and ().-/_")
	}
	data, err := readLaunchData(c.In("LaunchTemplateData"), nil)
	if err != nil {
		return nil, err
	}
	tags, err := c.newTags(launchTemplates.name)
	if err != nil {
		return nil, err
	}
	if _, err := templateByName(c.region, name); err == nil {
		return nil, fail("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
	}
	t := &launchTemplate{
		ID: c.region.newID(launchTemplates.prefix), Name: name, Created: c.region.now, CreatedBy: c.callerARN(),
		Default: 1, tagSet: tags,
	}
	t.add(templateVersion{
		Description: c.Str("VersionDescription"), Data: data, Created: c.region.now, CreatedBy: t.CreatedBy,
	})
	launchTemplates.put(c.region, t.ID, t)
	return templateAnswer{t}, nil
}

// callerARN is how EC2 names who made something.
func (c *call) callerARN() string { return "arn:aws:iam::" + c.account.id + ":root" }

func modifyLaunchTemplate(c *call) (any, error) {
	t, err := c.template(c.Params)
	if err != nil {
		return nil, err
	}
	version, err := t.heardOf(c.region, c.Str("SetDefaultVersion"))
	if err != nil {
		return nil, err
	}
	t.Default = version.Number
	c.region.touch()
	return templateAnswer{t}, nil
}

// deleteLaunchTemplate succeeds even if Auto Scaling groups use the template, as in AWS: they fail to launch from then.
func deleteLaunchTemplate(c *call) (any, error) {
	t, err := c.template(c.Params)
	if err != nil {
		return nil, err
	}
	launchTemplates.drop(c.region, t.ID)
	return templateAnswer{t}, nil
}

func describeLaunchTemplates(c *call) (any, error) {
	found, next, err := launchTemplateListing.describe(c)
	if err != nil {
		return nil, err
	}
	if names := c.List("LaunchTemplateName"); len(names) > 0 {
		found = slices.DeleteFunc(found, func(t *launchTemplate) bool { return !slices.Contains(names, t.Name) })
		for _, name := range names {
			if !slices.ContainsFunc(found, func(t *launchTemplate) bool { return t.Name == name }) {
				return nil, noTemplateName(name)
			}
		}
	}
	return struct {
		Templates []*launchTemplate `wire:"launchTemplates>item"`
		page
	}{found, next}, nil
}
