package policy

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"provision/pkg/sandbox/wire"
)

// Statement is a statement of a policy document, as far as the sandbox reads it: conditions are not evaluated.
type Statement struct {
	Effect                string
	Principal             json.RawMessage
	Action, NotAction     OneOrMore[string]
	Resource, NotResource OneOrMore[string]
	Condition             json.RawMessage
}

// OneOrMore reads what the policy language lets be written as one value or as a list.
type OneOrMore[T any] []T

// UnmarshalJSON implements [json.Unmarshaler].
func (o *OneOrMore[T]) UnmarshalJSON(data []byte) error {
	var list []T
	if err := json.Unmarshal(data, &list); err == nil {
		*o = list
		return nil
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*o = []T{one}
	return nil
}

// Parse are the statements of a policy document.
func Parse(document string) ([]Statement, error) {
	var policy struct{ Statement OneOrMore[Statement] }
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		return nil, malformed("This policy contains invalid Json")
	}
	if len(policy.Statement) == 0 {
		return nil, malformed("Syntax errors in policy.")
	}
	for _, s := range policy.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" || len(s.Action)+len(s.NotAction) == 0 {
			return nil, malformed("Syntax errors in policy.")
		}
	}
	return policy.Statement, nil
}

func malformed(why string) *wire.Error { return wire.Fail("MalformedPolicyDocument", "%s", why) }

// CheckTrust refuses a trust policy that is no policy, or has no principal.
func CheckTrust(document string) error {
	statements, err := Parse(document)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if len(s.Principal) == 0 {
			return malformed("Missing required field Principal")
		}
		if len(s.Resource)+len(s.NotResource) > 0 {
			return malformed("Has prohibited field Resource")
		}
	}
	return nil
}

// CheckPermissions refuses an identity policy that is no policy, or says not what it is about.
func CheckPermissions(document string) error {
	statements, err := Parse(document)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if len(s.Principal) > 0 {
			return malformed("Policy document should not specify a principal.")
		}
		if len(s.Resource)+len(s.NotResource) == 0 {
			return malformed("Policy statement must contain resources.")
		}
	}
	return nil
}

// covers says whether the statement is about an action on a resource.
func (s Statement) covers(action, resource string) bool {
	about := Matches(s.Action, action)
	if len(s.NotAction) > 0 {
		about = !Matches(s.NotAction, action)
	}
	on := Matches(s.Resource, resource)
	if len(s.NotResource) > 0 {
		on = !Matches(s.NotResource, resource)
	}
	return about && on
}

// Matches says whether a value fits a pattern with * and ?, in any case of letters.
func Matches(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		// path.Match stops its * at slashes, which mean nothing to IAM.
		ok, err := path.Match(flat(pattern), flat(value))
		return ok && err == nil
	})
}

var flatten = strings.NewReplacer("/", "\x00", "[", "\x01", `\`, "\x02")

func flat(s string) string { return flatten.Replace(strings.ToLower(s)) }
