package preflight

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// verdicts are the actions that a simulation did not allow.
type verdicts struct {
	forbidden []string // by a statement that denies them
	unsure    []string // by no statement on every resource; one on some resources only may allow what the plan needs
}

// permissions asks IAM's simulator whether the identity may make the plan's calls. It sees the identity's own policies
// and not the organization's. Who may not ask gets a warning: the run itself will tell.
func (p Preflight) permissions(ctx context.Context, plan *stack.Plan) []Finding {
	const check = "permissions"
	calls := stack.Calls{}
	for _, part := range plan.Parts {
		maps.Copy(calls, part.Calls())
	}
	if len(calls) == 0 {
		return []Finding{ok(state.Global, check, "the plan needs none")}
	}
	found, err := p.simulate(ctx, calls.Names())
	next := "add them to the policy of " + p.Identity.Role()
	switch {
	case err != nil:
		return []Finding{warning(state.Global, check, "", "not known, since IAM's simulator can't be asked: %v", err)}
	case len(found.forbidden) > 0:
		return []Finding{failed(state.Global, check, next, "denied: %s", strings.Join(found.forbidden, ", "))}
	case len(found.unsure) > 0:
		return []Finding{warning(state.Global, check, next, "not allowed on every resource: %s", strings.Join(found.unsure, ", "))}
	}
	return []Finding{ok(state.Global, check, "all %d actions of the plan are allowed", len(calls))}
}

// simulate asks about the identity. A session's ARN lacks the path of its role, which the roles of IAM Identity Center
// have: the role itself tells it then.
func (p Preflight) simulate(ctx context.Context, actions []string) (verdicts, error) {
	api, principal := p.Stack.Cloud.IAM(p.Stack.Regions[0]), p.Identity.Role()
	found, err := p.simulateFor(ctx, api, principal, actions)
	_, name, isRole := strings.Cut(principal, ":role/")
	if !cloud.IsNotFound(err) || !isRole {
		return found, err
	}
	out, lookErr := api.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
	if lookErr != nil {
		return found, err
	}
	return p.simulateFor(ctx, api, aws.ToString(out.Role.Arn), actions)
}

func (p Preflight) simulateFor(
	ctx context.Context, api iam.SimulatePrincipalPolicyAPIClient, principal string, actions []string,
) (found verdicts, err error) {
	pages := iam.NewSimulatePrincipalPolicyPaginator(api, &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(principal), ActionNames: actions, ContextEntries: p.circumstances(),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found, fmt.Errorf("simulate the policies of %s: %w", principal, err)
		}
		for _, result := range page.EvaluationResults {
			switch action := aws.ToString(result.EvalActionName); result.EvalDecision {
			case types.PolicyEvaluationDecisionTypeExplicitDeny:
				found.forbidden = append(found.forbidden, action)
			case types.PolicyEvaluationDecisionTypeImplicitDeny:
				found.unsure = append(found.unsure, action)
			}
		}
	}
	slices.Sort(found.forbidden)
	slices.Sort(found.unsure)
	return found, nil
}

// circumstances are what conditions may ask for: where the calls go, and whose the things are.
func (p Preflight) circumstances() []types.ContextEntry {
	entry := func(name string, values ...string) types.ContextEntry {
		return types.ContextEntry{
			ContextKeyName: aws.String(name), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: values,
		}
	}
	name := p.Stack.Config.Name
	return []types.ContextEntry{
		entry("aws:RequestedRegion", p.Stack.Regions[0]),
		entry("aws:RequestTag/"+graph.TagStack, name),
		entry("aws:ResourceTag/"+graph.TagStack, name),
	}
}
