package policy

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"provision/pkg/sandbox/wire"
)

// Keys are what is known of a request, by condition keys in lower case. A key that is not there was not sent.
type Keys map[string]string

// Several separates the values of a key that has more than one.
const Several = "\x1f"

// conditions is the Condition of a statement: operator, key, values.
type conditions map[string]map[string]OneOrMore[string]

// conditions reads the statement's condition block.
func (s Statement) conditions() (conditions, error) {
	if len(s.Condition) == 0 {
		return nil, nil
	}
	var block conditions
	if err := json.Unmarshal(s.Condition, &block); err != nil {
		return nil, malformed("Syntax errors in policy.")
	}
	return block, nil
}

// hold says whether all conditions hold: every operator, and every key of it, with one of its values. See "IAM JSON
// policy elements: Condition operators".
func (b conditions) hold(keys Keys) (bool, error) {
	for operator, wanted := range b {
		for key, values := range wanted {
			ok, err := holds(operator, values, keys, strings.ToLower(key))
			if err != nil || !ok {
				return false, err
			}
		}
	}
	return true, nil
}

// holds evaluates one operator: on each value of a key that has several, if it starts with ForAllValues, and on any, if with
// ForAnyValue. For all values of a key that is not there, everything holds.
func holds(operator string, values []string, keys Keys, key string) (bool, error) {
	single, forAll := strings.CutPrefix(operator, "ForAllValues:")
	single, forAny := strings.CutPrefix(single, "ForAnyValue:")
	have, there := keys[key]
	if !there || !forAll && !forAny {
		if !there && forAll {
			return true, nil
		}
		return holdsFor(single, values, have, there)
	}
	for one := range strings.SplitSeq(have, Several) {
		ok, err := holdsFor(single, values, one, true)
		if err != nil || ok != forAll {
			return ok, err
		}
	}
	return forAll, nil
}

// holdsFor evaluates one operator on one value. An unknown operator is an error, so that no policy passes by accident.
func holdsFor(operator string, values []string, have string, there bool) (bool, error) {
	name, ifExists := strings.CutSuffix(operator, "IfExists")
	if !there && ifExists {
		return true, nil
	}
	test := func(matches func(wanted string) bool) bool { return slices.ContainsFunc(values, matches) }
	switch name {
	case "StringEquals":
		return there && test(func(wanted string) bool { return have == wanted }), nil
	case "StringNotEquals":
		return !there || !test(func(wanted string) bool { return have == wanted }), nil
	case "StringLike", "ArnLike", "ArnEquals":
		return there && test(func(wanted string) bool { return sameCase(wanted, have) }), nil
	case "Bool":
		return there && test(func(wanted string) bool { return strings.EqualFold(wanted, have) }), nil
	case "Null":
		return test(func(wanted string) bool { return strings.EqualFold(wanted, strconv.FormatBool(!there)) }), nil
	}
	return false, wire.Internal("The sandbox does not evaluate the condition operator %s", operator)
}

// sameCase matches * and ? with the case of letters.
func sameCase(pattern, value string) bool {
	ok, err := path.Match(flatten.Replace(pattern), flatten.Replace(value))
	return ok && err == nil
}
