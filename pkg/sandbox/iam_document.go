package sandbox

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// policyStatement is a statement of a policy document, as far as the sandbox reads it: conditions are not evaluated.
type policyStatement struct {
	Effect                string
	Principal             json.RawMessage
	Action, NotAction     oneOrMore[string]
	Resource, NotResource oneOrMore[string]
	Condition             json.RawMessage
}

// oneOrMore reads what the policy language lets be written as one value or as a list.
type oneOrMore[T any] []T

// UnmarshalJSON implements [json.Unmarshaler].
func (o *oneOrMore[T]) UnmarshalJSON(data []byte) error {
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

// parsePolicy are the statements of a policy document.
func parsePolicy(document string) ([]policyStatement, error) {
	var policy struct{ Statement oneOrMore[policyStatement] }
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		return nil, malformedPolicy("This policy contains invalid Json")
	}
	if len(policy.Statement) == 0 {
		return nil, malformedPolicy("Syntax errors in policy.")
	}
	for _, s := range policy.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" || len(s.Action)+len(s.NotAction) == 0 {
			return nil, malformedPolicy("Syntax errors in policy.")
		}
	}
	return policy.Statement, nil
}

func malformedPolicy(why string) *Error { return fail("MalformedPolicyDocument", "%s", why) }

// checkTrust refuses a trust policy that is no policy, or trusts nobody.
func checkTrust(document string) error {
	statements, err := parsePolicy(document)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if len(s.Principal) == 0 {
			return malformedPolicy("Missing required field Principal")
		}
		if len(s.Resource)+len(s.NotResource) > 0 {
			return malformedPolicy("Has prohibited field Resource")
		}
	}
	return nil
}

// checkPermissions refuses an identity policy that is no policy, or says not what it is about.
func checkPermissions(document string) error {
	statements, err := parsePolicy(document)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if len(s.Principal) > 0 {
			return malformedPolicy("Policy document should not specify a principal.")
		}
		if len(s.Resource)+len(s.NotResource) == 0 {
			return malformedPolicy("Policy statement must contain resources.")
		}
	}
	return nil
}

// covers says whether the statement is about an action on a resource.
func (s policyStatement) covers(action, resource string) bool {
	about := matchesAny(s.Action, action)
	if len(s.NotAction) > 0 {
		about = !matchesAny(s.NotAction, action)
	}
	on := matchesAny(s.Resource, resource)
	if len(s.NotResource) > 0 {
		on = !matchesAny(s.NotResource, resource)
	}
	return about && on
}

// matchesAny says whether a value fits a pattern with * and ?, in any case of letters.
func matchesAny(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		// path.Match stops its * at slashes, which mean nothing to IAM.
		ok, err := path.Match(flat(pattern), flat(value))
		return ok && err == nil
	})
}

var flatten = strings.NewReplacer("/", "\x00", "[", "\x01", `\`, "\x02")

func flat(s string) string { return flatten.Replace(strings.ToLower(s)) }
