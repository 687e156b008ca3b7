package inventory

import (
	"cmp"
	"encoding/json"
	"slices"
)

// canonical writes what AWS said as JSON: without what it left out, its lists sorted, since AWS gives no order for
// tags, rules or attachments.
func canonical(value any) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return "", err
	}
	return encode(tidy(plain)), nil
}

func tidy(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, field := range v {
			if field == nil {
				delete(v, key)
				continue
			}
			v[key] = tidy(field)
		}
	case []any:
		for i := range v {
			v[i] = tidy(v[i])
		}
		slices.SortFunc(v, func(a, b any) int { return cmp.Compare(encode(a), encode(b)) })
	}
	return value
}

// encode can't fail on what came out of a JSON decoder.
func encode(plain any) string {
	text, err := json.Marshal(plain)
	if err != nil {
		panic(err)
	}
	return string(text)
}
