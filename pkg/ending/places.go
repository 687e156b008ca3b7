package ending

import (
	"regexp"
	"slices"
	"strings"

	"provision/pkg/config"
)

// requestID is in AWS's refusals, and another one in each.
var requestID = regexp.MustCompile(`,? ?request(?: ID)?:? [0-9a-zA-Z-]{8,}`)

// sayings are the causes as they are printed: what is the same in several regions once, with all of them before it. Where
// it names its region, as ARNs do, a star stands for that.
func sayings(causes []error) []string {
	type saying struct {
		alone   string
		regions []string
	}
	var order []string
	said := map[string]*saying{}
	for _, cause := range causes {
		text := Text(cause)
		region, rest, _ := strings.Cut(text, ": ")
		look := text
		if slices.Contains(config.KnownRegions(), region) {
			look = requestID.ReplaceAllString(strings.ReplaceAll(rest, region, "*"), "")
		} else {
			region = ""
		}
		if said[look] == nil {
			order, said[look] = append(order, look), &saying{alone: text}
		}
		if region != "" && !slices.Contains(said[look].regions, region) {
			said[look].regions = append(said[look].regions, region)
		}
	}
	var all []string
	for _, look := range order {
		if s := said[look]; len(s.regions) > 1 {
			all = append(all, strings.Join(s.regions, ", ")+": "+look)
		} else {
			all = append(all, s.alone)
		}
	}
	return all
}
