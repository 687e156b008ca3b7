package sandbox

import (
	"slices"
	"strings"

	"provision/pkg/sandbox/wire"
)

// iamTag is a tag as IAM writes it.
type iamTag struct {
	Key   string `wire:"Key"`
	Value string `wire:"Value,empty"`
}

// iamTags are a thing's tags, in the order in which they were first set.
type iamTags []iamTag

type iamTagList struct {
	Tags      iamTags `wire:"Tags>member"`
	Truncated bool    `wire:"IsTruncated"`
}

// tagOperations registers the three operations on the tags of one kind of thing; of finds those of the thing that the
// request names.
func tagOperations(reg *registry, kind string, of func(*call) (*iamTags, error)) {
	reg.add("iam", "Tag"+kind, mutates, func(c *call) (any, error) {
		tags, err := of(c)
		if err != nil {
			return nil, err
		}
		changed, err := tags.with(c.Params)
		if err != nil {
			return nil, err
		}
		*tags = changed
		c.global.touch()
		return nil, nil
	})
	reg.add("iam", "Untag"+kind, mutates, func(c *call) (any, error) {
		tags, err := of(c)
		if err != nil {
			return nil, err
		}
		*tags = tags.without(c.Params)
		c.global.touch()
		return nil, nil
	})
	reg.add("iam", "List"+kind+"Tags", reads, func(c *call) (any, error) {
		tags, err := of(c)
		if err != nil {
			return nil, err
		}
		return iamTagList{Tags: *tags}, nil
	})
}

// with are the tags and those of the request, which win. IAM does not tell upper from lower case in keys; see "Tags for
// IAM resources".
func (tags iamTags) with(p wire.Params) (iamTags, error) {
	out, sent := slices.Clone(tags), map[string]bool{}
	for item := range p.Items("Tags") {
		tag := iamTag{Key: item.Str("Key"), Value: item.Str("Value")}
		if tag.Key == "" || len(tag.Key) > 128 || len(tag.Value) > 256 {
			return nil, iamInvalid("Tags", "Member must have a key of 1 to 128 and a value of up to 256 characters")
		}
		if sent[strings.ToLower(tag.Key)] {
			return nil, iamError("InvalidInput", 0, "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		sent[strings.ToLower(tag.Key)] = true
		i := slices.IndexFunc(out, func(have iamTag) bool { return strings.EqualFold(have.Key, tag.Key) })
		if i >= 0 {
			out[i] = tag
			continue
		}
		out = append(out, tag)
	}
	if len(out) > maxIAMTags {
		return nil, limitExceeded("TagsPerResource", maxIAMTags)
	}
	return out, nil
}

// without are the tags but for those whose keys the request names.
func (tags iamTags) without(p wire.Params) iamTags {
	gone := p.List("TagKeys")
	return slices.DeleteFunc(slices.Clone(tags), func(tag iamTag) bool {
		return slices.ContainsFunc(gone, func(key string) bool { return strings.EqualFold(key, tag.Key) })
	})
}
