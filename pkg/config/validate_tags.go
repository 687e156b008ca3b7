package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of tags (Tagging AWS resources user guide, "Tag naming limits and requirements"). Of the 50 that a
// resource can have, 10 are the program's.
const (
	maxTags     = 40
	maxTagKey   = 128
	maxTagValue = 256
)

// tagText is what every service allows in a tag.
var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

func validateTags(file *reader, mistakes *mistakes) {
	tags, folded := file.layer.under("tags"), map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		v := tags[key]
		at := value{at: file.keys[v.path], path: "tags"}
		validateTagKey(key, at, mistakes)
		if other, taken := folded[strings.ToLower(key)]; taken {
			mistakes.setting(at, "keep one", "tag %q: IAM treats it and %q as the same key", key, other)
		}
		folded[strings.ToLower(key)] = key
		text, _ := v.data.(string)
		if n := utf8.RuneCountInString(text); n > maxTagValue {
			mistakes.setting(v, "", "the tag's value has %d characters, more than %d", n, maxTagValue)
		}
		if !tagText.MatchString(text) {
			mistakes.setting(v, "use letters, digits, spaces and _ . : / = + - @", "%q can't be the value of a tag", text)
		}
	}
	if len(tags) > maxTags {
		mistakes.add(file.keys["tags"], "tags", "", "%d tags are more than %d", len(tags), maxTags)
	}
}

func validateTagKey(key string, v value, mistakes *mistakes) {
	lower := strings.ToLower(key)
	switch n := utf8.RuneCountInString(key); {
	case n == 0:
		mistakes.setting(v, "", "a tag has no key")
	case n > maxTagKey:
		mistakes.setting(v, "", "the tag's key has %d characters, more than %d", n, maxTagKey)
	case strings.HasPrefix(lower, "aws:"):
		mistakes.setting(v, "", "tag %q: keys with aws: are AWS's own", key)
	case strings.HasPrefix(lower, "provision:"):
		mistakes.setting(v, "", "tag %q: keys with provision: are the program's own", key)
	case lower == "name": // IAM does not tell upper from lower case, see "Tags for IAM resources"
		mistakes.setting(v, "", "tag %q: the program names each resource itself", key)
	case !tagText.MatchString(key):
		mistakes.setting(v, "use letters, digits, spaces and _ . : / = + - @", "%q can't be the key of a tag", key)
	}
}
