package sandbox

import (
	"slices"
	"strings"
)

// tag is one of EC2's.
type tag struct {
	Key   string `wire:"key"`
	Value string `wire:"value,empty"`
}

// tagSet is embedded in the things that can be tagged.
type tagSet struct {
	Tags []tag `wire:"tagSet>item"`
}

func (t *tagSet) tagged() *tagSet { return t }

// tagged is a thing of EC2 that has tags.
type tagged interface{ tagged() *tagSet }

// mostTags is how many a thing can have.
const mostTags = 50

func (t *tagSet) value(key string) (string, bool) {
	for _, have := range t.Tags {
		if have.Key == key {
			return have.Value, true
		}
	}
	return "", false
}

func (t *tagSet) set(add tag) {
	for i := range t.Tags {
		if t.Tags[i].Key == add.Key {
			t.Tags[i].Value = add.Value
			return
		}
	}
	t.Tags = append(t.Tags, add)
}

// remove takes a tag away; one that is given with a value only if it has that value.
func (t *tagSet) remove(key string, value string, anyValue bool) {
	t.Tags = slices.DeleteFunc(slices.Clone(t.Tags), func(have tag) bool {
		return have.Key == key && (anyValue || have.Value == value)
	})
}

// newTags reads the tags that a creating call gives to what it makes, which is of the named type.
func (c *call) newTags(resourceType string) (tagSet, error) {
	var out tagSet
	for spec := range c.Items("TagSpecification") {
		if of := spec.Str("ResourceType"); of != resourceType {
			return out, fail("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", of)
		}
		for item := range spec.Items("Tag") {
			t := tag{item.Str("Key"), item.Str("Value")}
			if _, twice := out.value(t.Key); twice {
				return out, fail("InvalidParameterValue", "Duplicate tag key '%s' specified.", t.Key)
			}
			if err := checkTag(t); err != nil {
				return out, err
			}
			out.Tags = append(out.Tags, t)
		}
	}
	if len(out.Tags) > mostTags {
		return out, tooManyTags()
	}
	return out, nil
}

func checkTag(t tag) error {
	switch {
	case t.Key == "":
		return fail("InvalidParameterValue", "Tag key cannot be empty.")
	case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
		return fail("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
	case len([]rune(t.Key)) > 127:
		return fail("InvalidParameterValue", "Tag key exceeds the maximum length of 127 characters")
	case len([]rune(t.Value)) > 255:
		return fail("InvalidParameterValue", "Tag value exceeds the maximum length of 255 characters")
	default:
		return nil
	}
}

func tooManyTags() error {
	return fail("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
}
