package sandbox

import "strings"

// The decisions of the policy simulator.
const (
	allowed      = "allowed"
	explicitDeny = "explicitDeny"
	implicitDeny = "implicitDeny"
)

type evaluation struct {
	Action   string `wire:"EvalActionName"`
	Resource string `wire:"EvalResourceName"`
	Decision string `wire:"EvalDecision"`
}

type evaluationList struct {
	Results []evaluation `wire:"EvaluationResults>member"`
	iamPage
}

// simulatePrincipalPolicy decides by the policies of a role. Who is no role of the account is its owner, and may do
// anything. Conditions see the context entries that were sent. Boundaries are not evaluated.
func simulatePrincipalPolicy(c *call) (any, error) {
	arn := c.params.str("PolicySourceArn")
	if !strings.HasPrefix(arn, "arn:aws:iam::"+c.account.id+":") {
		return nil, iamError("InvalidInput", 0, "Invalid Entity Arn: %s does not clearly define entity type and name.", arn)
	}
	var statements []policyStatement
	var source *role
	if strings.Contains(arn, ":role/") {
		if source = roles.get(c.global, arn[strings.LastIndex(arn, "/")+1:]); source == nil || source.ARN != arn {
			return nil, noEntity("The requested entity %s does not exist.", arn)
		}
		for _, document := range source.Inline {
			parsed, err := parsePolicy(document)
			if err != nil {
				return nil, err
			}
			statements = append(statements, parsed...)
		}
	}
	resources := c.params.list("ResourceArns")
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	keys := conditionKeys{}
	for entry := range c.params.items("ContextEntries") {
		for _, value := range entry.list("ContextKeyValues") {
			keys[strings.ToLower(entry.str("ContextKeyName"))] = value
		}
	}
	var all []evaluation
	for _, action := range c.params.list("ActionNames") {
		for _, resource := range resources {
			decision, err := source.decide(statements, demand{action, resource, keys})
			if err != nil {
				return nil, err
			}
			all = append(all, evaluation{action, resource, decision})
		}
	}
	page, more, err := pageOf(c.params, all)
	return evaluationList{Results: page, iamPage: more}, err
}

// decide is "Policy evaluation logic" for one account: an explicit deny wins, and what nothing allows is denied.
func (r *role) decide(statements []policyStatement, d demand) (string, error) {
	if r == nil {
		return allowed, nil
	}
	decision := implicitDeny
	for _, arn := range r.Attached {
		if managedAllows(arn, d.action) {
			decision = allowed
		}
	}
	for _, s := range statements {
		switch applies, err := s.applies(d); {
		case err != nil:
			return "", err
		case applies && s.Effect == "Deny":
			return explicitDeny, nil
		case applies:
			decision = allowed
		}
	}
	return decision, nil
}
