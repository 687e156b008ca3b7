package sandbox

import (
	"slices"
	"strconv"

	"provision/pkg/sandbox/wire"
)

// iamPage is the slice of a list that the request's Marker and MaxItems ask for, and the marker of what follows.
type iamPage struct {
	Truncated bool   `wire:"IsTruncated"`
	Marker    string `wire:"Marker"`
}

func pageOf[T any](p wire.Params, all []T) ([]T, iamPage, error) {
	size, err := p.Num("MaxItems", 100)
	if err != nil || size < 1 || size > 1000 {
		return nil, iamPage{}, iamInvalid("MaxItems", "Member must have value between 1 and 1000")
	}
	start := 0
	if marker := p.Str("Marker"); marker != "" {
		if start, err = strconv.Atoi(marker); err != nil || start < 0 || start > len(all) {
			return nil, iamPage{}, iamInvalid("Marker", "Member must be a marker of an earlier answer")
		}
	}
	end := min(start+size, len(all))
	page := iamPage{Truncated: end < len(all)}
	if page.Truncated {
		page.Marker = strconv.Itoa(end)
	}
	return slices.Clone(all[start:end]), page, nil
}
