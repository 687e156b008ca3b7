package sandbox

import (
	"slices"
	"strings"

	"provision/pkg/sandbox/wire"
)

// elbTag is a tag as load balancing writes it.
type elbTag struct {
	Key   string `wire:"Key"`
	Value string `wire:"Value,empty"`
}

type elbTags []elbTag

// mostDescribed is how many things' tags one call answers.
const mostDescribed = 20

func elbTagOperations(reg *registry) {
	reg.elb("AddTags", mutates, addTags)
	reg.elb("RemoveTags", mutates, removeTags)
	reg.elb("DescribeTags", reads, describeELBTags)
}

// with are the tags and those of the request, which win.
func (tags elbTags) with(p wire.Params) (elbTags, error) {
	out := slices.Clone(tags)
	for item := range p.Items("Tags") {
		add := elbTag{item.Str("Key"), item.Str("Value")}
		reserved := strings.HasPrefix(strings.ToLower(add.Key), "aws:")
		if add.Key == "" || len(add.Key) > 128 || len(add.Value) > 256 || reserved {
			return nil, invalid("Tag key '%s' or its value is not valid", add.Key)
		}
		if i := slices.IndexFunc(out, func(have elbTag) bool { return have.Key == add.Key }); i >= 0 {
			out[i] = add
			continue
		}
		out = append(out, add)
	}
	if len(out) > mostTags {
		return nil, fail("TooManyTags", "The maximum number of tags for a resource is %d", mostTags)
	}
	return out, nil
}

func (tags elbTags) equal(other elbTags) bool {
	return len(tags) == len(other) && !slices.ContainsFunc(tags, func(t elbTag) bool { return !slices.Contains(other, t) })
}

// elbTagsOf finds the tags of the thing with that ARN.
func (r *region) elbTagsOf(arn string) (*elbTags, error) {
	path := afterColon(arn)
	kind, _, _ := strings.Cut(path, "/")
	switch kind {
	case "loadbalancer":
		if lb := loadBalancerKind.get(r, arn); lb != nil {
			return &lb.Tags, nil
		}
		return nil, noLoadBalancer(arn)
	case "targetgroup":
		if g := targetGroups.get(r, arn); g != nil {
			return &g.Tags, nil
		}
		return nil, noTargetGroup()
	case "listener":
		if l := listeners.get(r, arn); l != nil {
			return &l.Tags, nil
		}
		return nil, noListener()
	default:
		return nil, invalid("'%s' is not a valid ARN of a thing that has tags", arn)
	}
}

// elbTagged are the tags of the things that a call names.
func (c *call) elbTagged() (arns []string, tags []*elbTags, err error) {
	arns = c.List("ResourceArns")
	if len(arns) == 0 || len(arns) > mostDescribed {
		return nil, nil, invalid("Between 1 and %d resource ARNs must be specified", mostDescribed)
	}
	for _, arn := range arns {
		of, err := c.region.elbTagsOf(arn)
		if err != nil {
			return nil, nil, err
		}
		tags = append(tags, of)
	}
	return arns, tags, nil
}

func addTags(c *call) (any, error) {
	_, things, err := c.elbTagged()
	if err != nil {
		return nil, err
	}
	changed := make([]elbTags, len(things))
	for i, tags := range things {
		if changed[i], err = tags.with(c.Params); err != nil {
			return nil, err
		}
	}
	for i, tags := range things {
		*tags = changed[i]
	}
	c.region.touch()
	return nil, nil
}

func removeTags(c *call) (any, error) {
	_, things, err := c.elbTagged()
	if err != nil {
		return nil, err
	}
	gone := c.List("TagKeys")
	for _, tags := range things {
		*tags = slices.DeleteFunc(slices.Clone(*tags), func(t elbTag) bool { return slices.Contains(gone, t.Key) })
	}
	c.region.touch()
	return nil, nil
}

type elbTagDescription struct {
	ARN  string  `wire:"ResourceArn"`
	Tags elbTags `wire:"Tags>member"`
}

func describeELBTags(c *call) (any, error) {
	arns, things, err := c.elbTagged()
	if err != nil {
		return nil, err
	}
	var out []elbTagDescription
	for i, tags := range things {
		out = append(out, elbTagDescription{arns[i], *tags})
	}
	return struct {
		Descriptions []elbTagDescription `wire:"TagDescriptions>member"`
	}{out}, nil
}
