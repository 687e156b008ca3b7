package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"provision/pkg/sandbox/policy"
)

// demand is one decision that a call needs: an action on a resource, under what is known of the request.
type demand struct {
	action, resource string
	keys             policy.Keys
}

func (d demand) request() policy.Request {
	return policy.Request{Action: d.action, Resource: d.resource, Keys: d.keys}
}

// authorize decides whether the caller's policies allow the call, by "Policy evaluation logic" for one account: every
// demand must be allowed by some statement and denied by none. A caller without a role owns the account, and may do
// anything. Policies on resources are not evaluated.
func (c *call) authorize() error {
	if !c.sandbox.options.EnforceIAM || c.action == "GetCallerIdentity" || strings.HasPrefix(c.action, "AssumeRole") {
		return nil
	}
	session, err := c.session()
	if err != nil || session == nil {
		return err
	}
	caller := roles.get(c.global, session.role())
	for _, d := range c.demands() {
		allowed, err := caller.allows(d)
		if err != nil {
			return err
		}
		if !allowed {
			return c.denied(session.ARN, d)
		}
	}
	return nil
}

// role is the name of the session's role: its ARN is arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION.
func (s *session) role() string { return strings.Split(s.ARN, "/")[1] }

// allows decides by the policies of a role and by its boundary. One that is gone allows nothing.
func (r *role) allows(d demand) (bool, error) {
	if r == nil {
		return false, nil
	}
	statements, err := r.statements()
	if err != nil {
		return false, err
	}
	decision, err := r.decide(statements, d.request())
	return decision == policy.Allowed, err
}

// statements are those of the role's inline policies.
func (r *role) statements() (all []policy.Statement, err error) {
	for _, name := range slices.Sorted(maps.Keys(r.Inline)) {
		parsed, err := policy.Parse(r.Inline[name])
		if err != nil {
			return nil, err
		}
		all = append(all, parsed...)
	}
	return all, nil
}

// denied is the answer, in the words of the call's service.
func (c *call) denied(who string, d demand) error {
	text := "User: " + who + " is not authorized to perform: " + d.action + " on resource: " + d.resource +
		" because no identity-based policy allows the " + d.action + " action"
	switch c.service {
	case "ec2":
		return iamError("UnauthorizedOperation", http.StatusForbidden,
			"You are not authorized to perform this operation. %s", text)
	case "ssm", "servicequotas", "logs":
		return iamError("AccessDeniedException", 0, "%s", text)
	}
	return iamError("AccessDenied", http.StatusForbidden, "%s", text)
}
