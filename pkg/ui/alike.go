package ui

import (
	"regexp"
	"strings"
)

// ids are AWS's IDs and ARNs, as they are or escaped for HTML: they differ from region to region where the same is done.
var ids = regexp.MustCompile(
	`arn(?::|&#58;)aws[^\s,<]*|\b(?:ami|eipalloc|eni|fl|i|igw|lt|nat|rtb|rtbassoc|sg|subnet|vol|vpc|vpce)(?:-|&#45;)[0-9a-f]{8,17}\b`,
)

// alike are lines without what differs from region to region for no other reason than that it is another region.
func alike(lines []string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = ids.ReplaceAllStringFunc(line, elided)
	}
	return all
}

// elided is an ID of which only its type is left: "sg-…".
func elided(id string) string {
	if strings.HasPrefix(id, "arn") {
		return "arn…"
	}
	at := strings.IndexAny(id, "-&")
	return id[:at] + strings.TrimRight(id[at:], "0123456789abcdef") + "…"
}
