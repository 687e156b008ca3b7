package config

import (
	"fmt"
	"reflect"
	"regexp"
	"unicode/utf8"
)

// check holds a value against the schema.
func check(data any, s *schemaNode) fault {
	v := reflect.ValueOf(data)
	switch v.Kind() {
	case reflect.Int:
		return checkInt(v.Int(), s)
	case reflect.String:
		return checkString(v.String(), s)
	}
	return fault{}
}

func checkInt(i int64, s *schemaNode) fault {
	switch {
	case len(s.Enum) > 0 && !isIn(fmt.Sprint(i), s.Enum):
		return fault{message: fmt.Sprintf("must be %s, not %d", OneOf(texts(s.Enum)), i)}
	case s.Minimum != nil && s.Maximum != nil && (i < *s.Minimum || i > *s.Maximum):
		return fault{message: fmt.Sprintf("must be %d to %d, not %d", *s.Minimum, *s.Maximum, i)}
	case s.Minimum != nil && i < *s.Minimum:
		return fault{message: fmt.Sprintf("must be %d or more, not %d", *s.Minimum, i)}
	}
	return fault{}
}

func checkString(text string, s *schemaNode) fault {
	length := int64(utf8.RuneCountInString(text))
	switch {
	case len(s.Enum) > 0 && !isIn(text, s.Enum):
		return fault{fmt.Sprintf("must be %s, not %q", OneOf(texts(s.Enum)), text), DidYouMean(text, texts(s.Enum))}
	case text == "" && s.Description != "":
		return fault{"is empty", "set a value, or remove the line to use the default"}
	case s.MaxLength != nil && length > *s.MaxLength:
		return fault{message: fmt.Sprintf("%q has %d characters, more than %d", text, length, *s.MaxLength)}
	case s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(text):
		return fault{fmt.Sprintf("%q is not valid", text), "expected here: " + s.Description}
	}
	return fault{}
}

func isIn(text string, enum []any) bool {
	for _, one := range enum {
		if fmt.Sprint(one) == text {
			return true
		}
	}
	return false
}

func texts(enum []any) []string {
	all := make([]string, len(enum))
	for i, one := range enum {
		all[i] = fmt.Sprint(one)
	}
	return all
}
