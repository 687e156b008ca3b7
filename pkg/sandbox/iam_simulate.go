package sandbox

import (
	"slices"
	"strings"

	"provision/pkg/sandbox/policy"
)

// evaluation is the decision on one action: on the whole, which is that on the worst of the resources, and on each. See
// EvaluationResult in IAM's reference.
type evaluation struct {
	Action   string          `wire:"EvalActionName"`
	Resource string          `wire:"EvalResourceName"`
	Decision policy.Decision `wire:"EvalDecision"`
	Each     []onResource    `wire:"ResourceSpecificResults>member"`
}

type onResource struct {
	Resource string          `wire:"EvalResourceName"`
	Decision policy.Decision `wire:"EvalResourceDecision"`
}

type evaluationList struct {
	Results []evaluation `wire:"EvaluationResults>member"`
	iamPage
}

// simulatePrincipalPolicy decides by the policies of a role. A caller that is no role of the account is its owner, and may do
// anything. Conditions see the context entries that were sent.
func simulatePrincipalPolicy(c *call) (any, error) {
	arn := c.Params.Str("PolicySourceArn")
	if !strings.HasPrefix(arn, "arn:aws:iam::"+c.account.id+":") {
		return nil, iamError("InvalidInput", 0, "Invalid Entity Arn: %s does not clearly define entity type and name.", arn)
	}
	var statements []policy.Statement
	var source *role
	if strings.Contains(arn, ":role/") {
		if source = roles.get(c.global, arn[strings.LastIndex(arn, "/")+1:]); source == nil || source.ARN != arn {
			return nil, noEntity("The requested entity %s does not exist.", arn)
		}
		var err error
		if statements, err = source.statements(); err != nil {
			return nil, err
		}
	}
	resources := c.Params.List("ResourceArns")
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	keys := policy.Keys{}
	for entry := range c.Params.Items("ContextEntries") {
		if kind := entry.Str("ContextKeyType"); kind != "" && !slices.Contains(contextKeyTypes, kind) {
			return nil, invalid("Value '%s' at 'contextEntries.member.contextKeyType' failed to satisfy constraint", kind)
		}
		for _, value := range entry.List("ContextKeyValues") {
			keys[strings.ToLower(entry.Str("ContextKeyName"))] = value
		}
	}
	var all []evaluation
	for _, action := range c.Params.List("ActionNames") {
		on := evaluation{Action: action, Resource: "*", Decision: policy.Allowed}
		for _, resource := range resources {
			decision, err := source.decide(statements, policy.Request{Action: action, Resource: resource, Keys: keys})
			if err != nil {
				return nil, err
			}
			if severity(decision) > severity(on.Decision) {
				on.Decision = decision
			}
			if resource != "*" {
				on.Each = append(on.Each, onResource{resource, decision})
			}
		}
		if len(resources) == 1 {
			on.Resource = resources[0]
		}
		all = append(all, on)
	}
	page, more, err := pageOf(c.Params, all)
	return evaluationList{Results: page, iamPage: more}, err
}

// decide is what the role's policies say, as far as its boundary allows that, too. No role is the account's owner.
func (r *role) decide(statements []policy.Statement, of policy.Request) (policy.Decision, error) {
	if r == nil {
		return policy.Allowed, nil
	}
	decision, err := policy.Decide(r.Attached, statements, of)
	if decision == policy.Allowed && r.Boundary != "" && !policy.ManagedAllows(r.Boundary, of.Action) {
		return policy.ImplicitDeny, err
	}
	return decision, err
}

// severity orders decisions: the more, the worse.
func severity(d policy.Decision) int {
	switch d {
	case policy.Allowed:
		return 0
	case policy.ExplicitDeny:
		return 2
	}
	return 1
}

// contextKeyTypes are the types of "ContextEntry". Values are compared as the condition's operator says, whatever their type.
var contextKeyTypes = strings.Fields("string stringList numeric numericList boolean booleanList ip ipList binary binaryList " +
	"date dateList")
