package sandbox

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// listing is how a describe call of EC2 works.
type listing[T any] struct {
	of      kind[T]
	ids     string // the parameter with IDs, e.g. VpcId
	unknown func(id string) *Error
	fields  fields[T]
	least   int // of MaxResults; 0 means 5
	most    int // of MaxResults; 0 means 1000

	name func(*T) string // the ID of a thing that is of no kind
}

// page is what describe calls have besides their resources.
type page struct {
	NextToken string `wire:"nextToken"`
}

// describe answers a describe call: things by ID or all, filtered and paged, and lagging behind the writes if the
// sandbox was told to. Asked by ID, one that is not there is an error.
func (l listing[T]) describe(c *call) ([]*T, page, error) {
	by, err := selectors(c, l.fields)
	if err != nil {
		return nil, page{}, err
	}
	limit, err := l.limit(c)
	if err != nil {
		return nil, page{}, err
	}
	return l.pick(c, l.of.seen(c.region), by, limit)
}

// describeFixed is describe for things that always are, instead of those of a kind.
func (l listing[T]) describeFixed(c *call, all []*T) ([]*T, page, error) {
	by, err := selectors(c, l.fields)
	if err != nil {
		return nil, page{}, err
	}
	limit, err := l.limit(c)
	if err != nil {
		return nil, page{}, err
	}
	rows := make([]*row[T], len(all))
	for i, thing := range all {
		rows[i] = &row[T]{ID: l.name(thing), Nr: i, Thing: thing}
	}
	return l.pick(c, rows, by, limit)
}

func (l listing[T]) pick(c *call, seen []*row[T], by []selector[T], limit int) ([]*T, page, error) {
	ids := c.List(l.ids)
	for _, id := range ids {
		if !slices.ContainsFunc(seen, func(r *row[T]) bool { return r.ID == id }) {
			return nil, page{}, l.unknown(id)
		}
	}
	seen = slices.DeleteFunc(seen, func(r *row[T]) bool {
		return len(ids) > 0 && !slices.Contains(ids, r.ID) || !selected(r.Thing, by)
	})
	return cut(c, seen, limit)
}

// limit is how many things a page may have; 0 means all.
func (l listing[T]) limit(c *call) (int, error) {
	limit, err := c.Num("MaxResults", 0)
	if err != nil || !c.Has("MaxResults") {
		return 0, err
	}
	if len(c.List(l.ids)) > 0 {
		return 0, fail("InvalidParameterCombination", "The parameter %s cannot be used with the parameter maxResults", l.ids)
	}
	if least, most := cmp.Or(l.least, 5), cmp.Or(l.most, 1000); limit < least || limit > most {
		return 0, fail("InvalidParameterValue",
			"Value ( %d ) for parameter maxResults is invalid. Expecting a value between %d and %d.", limit, least, most)
	}
	return limit, nil
}

// cut is the page that a call asks for. A token names the last thing of the page before, which may be gone by now.
func cut[T any](c *call, rows []*row[T], limit int) ([]*T, page, error) {
	start := 0
	if sent := c.Str("NextToken"); sent != "" {
		last, ok := readPageToken(c, sent)
		if !ok {
			return nil, page{}, fail("InvalidPaginationToken", "The specified pagination token is not valid or is expired.")
		}
		start = slices.IndexFunc(rows, func(r *row[T]) bool { return r.Nr > last })
		if start < 0 {
			start = len(rows)
		}
	}
	rows = rows[start:]
	var next page
	if limit > 0 && len(rows) > limit {
		rows = rows[:limit]
		next.NextToken = pageToken(c, rows[limit-1].Nr)
	}
	out := make([]*T, len(rows))
	for i, r := range rows {
		out[i] = r.Thing
	}
	return out, next, nil
}

// pageToken is opaque to callers, and good for the action that gave it.
func pageToken(c *call, last int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.action + " " + strconv.Itoa(last)))
}

func readPageToken(c *call, token string) (last int, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, false
	}
	number, ours := strings.CutPrefix(string(text), c.action+" ")
	last, err = strconv.Atoi(number)
	return last, ours && err == nil
}
