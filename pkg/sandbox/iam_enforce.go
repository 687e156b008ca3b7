package sandbox

import (
	"net/http"
	"strings"
)

// demand is one decision that a call needs: an action on a resource, under what is known of the request.
type demand struct {
	action, resource string
	keys             conditionKeys
}

// authorize decides whether the caller's policies allow the call, by "Policy evaluation logic" for one account: every
// demand must be allowed by some statement and denied by none. Who has assumed no role owns the account, and may do
// anything. Permissions boundaries and policies on resources are not evaluated.
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

// allows decides by the policies of a role. One that is gone allows nothing.
func (r *role) allows(d demand) (bool, error) {
	if r == nil {
		return false, nil
	}
	allowed := false
	for _, arn := range r.Attached {
		allowed = allowed || managedAllows(arn, d.action)
	}
	for _, document := range r.Inline {
		statements, err := parsePolicy(document)
		if err != nil {
			return false, err
		}
		for _, s := range statements {
			switch applies, err := s.applies(d); {
			case err != nil:
				return false, err
			case applies && s.Effect == "Deny":
				return false, nil
			case applies:
				allowed = true
			}
		}
	}
	return allowed, nil
}

func (s policyStatement) applies(d demand) (bool, error) {
	if !s.covers(d.action, d.resource) {
		return false, nil
	}
	block, err := s.conditions()
	if err != nil {
		return false, err
	}
	return block.hold(d.keys)
}

// denied is the answer, in the words of the call's service.
func (c *call) denied(who string, d demand) error {
	text := "User: " + who + " is not authorized to perform: " + d.action + " on resource: " + d.resource +
		" because no identity-based policy allows the " + d.action + " action"
	switch c.service {
	case "ec2":
		return iamError("UnauthorizedOperation", http.StatusForbidden,
			"You are not authorized to perform this operation. %s", text)
	case "ssm", "servicequotas":
		return iamError("AccessDeniedException", 0, "%s", text)
	}
	return iamError("AccessDenied", http.StatusForbidden, "%s", text)
}
