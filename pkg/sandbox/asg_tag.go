package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// scalingTag is a tag of a group.
type scalingTag struct {
	Key      string
	Value    string
	AtLaunch bool // instances get it too
}

type scalingTagView struct {
	Key      string `wire:"Key"`
	Value    string `wire:"Value,empty"`
	AtLaunch bool   `wire:"PropagateAtLaunch"`
	Group    string `wire:"ResourceId"`
	Type     string `wire:"ResourceType"`
}

func (t scalingTag) view(group string) scalingTagView {
	return scalingTagView{t.Key, t.Value, t.AtLaunch, group, "auto-scaling-group"}
}

func scalingTagOperations(reg *registry) {
	reg.asg("CreateOrUpdateTags", mutates, createOrUpdateTags)
	reg.asg("DeleteTags", mutates, deleteScalingTags)
	reg.asg("DescribeTags", reads, describeScalingTags)
}

// readScalingTags reads the tags of a call that are for one group. Those of a create need not name it.
func readScalingTags(c *call, group string) ([]scalingTag, error) {
	var out []scalingTag
	for p := range c.Items("Tags") {
		if kind := p.Str("ResourceType"); kind != "" && kind != "auto-scaling-group" {
			return nil, invalid("Invalid resource type '%s'", kind)
		}
		t := scalingTag{p.Str("Key"), p.Str("Value"), p.Flag("PropagateAtLaunch")}
		switch {
		case t.Key == "" || len(t.Key) > 128 || len(t.Value) > 256:
			return nil, invalid("Tag keys have 1 to 128 characters, values up to 256")
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return nil, invalid("Tag keys starting with 'aws:' are reserved for internal use")
		}
		if id := p.Str("ResourceId"); id == group || id == "" {
			out = setScalingTag(out, t)
		}
	}
	if len(out) > mostTags {
		return nil, fail("LimitExceeded", "The maximum number of tags for a group is %d", mostTags)
	}
	return out, nil
}

func setScalingTag(tags []scalingTag, t scalingTag) []scalingTag {
	out := slices.Clone(tags)
	if i := slices.IndexFunc(out, func(have scalingTag) bool { return have.Key == t.Key }); i >= 0 {
		out[i] = t
		return out
	}
	return append(out, t)
}

// taggedGroups are the groups that the tags of a call name, each once.
func (c *call) taggedGroups() ([]*scalingGroup, error) {
	var out []*scalingGroup
	for p := range c.Items("Tags") {
		if kind := p.Str("ResourceType"); kind != "auto-scaling-group" {
			return nil, invalid("The only supported resource type is auto-scaling-group, not '%s'", kind)
		}
		g := scalingGroups.get(c.region, p.Str("ResourceId"))
		if g == nil {
			return nil, invalid("AutoScalingGroup name not found - AutoScalingGroup '%s' not found", p.Str("ResourceId"))
		}
		if !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out, nil
}

func createOrUpdateTags(c *call) (any, error) {
	groups, err := c.taggedGroups()
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		add, err := readScalingTags(c, g.Name)
		if err != nil {
			return nil, err
		}
		for _, t := range add {
			g.Tags = setScalingTag(g.Tags, t)
		}
	}
	c.region.touch()
	return nil, nil
}

func deleteScalingTags(c *call) (any, error) {
	if _, err := c.taggedGroups(); err != nil {
		return nil, err
	}
	for p := range c.Items("Tags") {
		p.Ignore("Value", "PropagateAtLaunch", "ResourceType") // the key alone says which tag is meant
		g := scalingGroups.get(c.region, p.Str("ResourceId"))
		g.Tags = slices.DeleteFunc(slices.Clone(g.Tags), func(t scalingTag) bool { return t.Key == p.Str("Key") })
	}
	c.region.touch()
	return nil, nil
}

var scalingTagFields = fields[scalingTagView]{
	"auto-scaling-group":  one(func(t *scalingTagView) string { return t.Group }),
	"key":                 one(func(t *scalingTagView) string { return t.Key }),
	"value":               one(func(t *scalingTagView) string { return t.Value }),
	"propagate-at-launch": one(func(t *scalingTagView) string { return strconv.FormatBool(t.AtLaunch) }),
}

func describeScalingTags(c *call) (any, error) {
	var by []selector[scalingTagView]
	for p := range c.Items("Filters") {
		offers := scalingTagFields[p.Str("Name")]
		if offers == nil {
			return nil, invalid("Filter type %s is not correct.", p.Str("Name"))
		}
		by = append(by, selector[scalingTagView]{offers, p.List("Values")})
	}
	var views []scalingTagView
	for g := range scalingGroups.all(c.region) {
		for _, t := range g.Tags {
			if view := t.view(g.Name); selected(&view, by) {
				views = append(views, view)
			}
		}
	}
	page, next, err := scalingPage(c, views)
	return struct {
		Tags      []scalingTagView `wire:"Tags>member"`
		NextToken string           `wire:"NextToken"`
	}{page, next}, err
}

// scalingSelectors reads the filters of DescribeAutoScalingGroups: by tags only.
func scalingSelectors(c *call) ([]selector[scalingGroup], error) {
	var out []selector[scalingGroup]
	for p := range c.Items("Filters") {
		name := p.Str("Name")
		key, isTag := strings.CutPrefix(name, "tag:")
		if !isTag && name != "tag-key" && name != "tag-value" {
			return nil, invalid("Filter type %s is not correct.", name)
		}
		offers := func(g *scalingGroup) []string {
			var values []string
			for _, t := range g.Tags {
				switch {
				case name == "tag-key":
					values = append(values, t.Key)
				case name == "tag-value" || t.Key == key:
					values = append(values, t.Value)
				}
			}
			return values
		}
		out = append(out, selector[scalingGroup]{offers, p.List("Values")})
	}
	return out, nil
}
