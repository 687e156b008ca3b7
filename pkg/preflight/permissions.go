package preflight

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"provision/pkg/access"
	"provision/pkg/cloud"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// rights asks IAM's simulator what the identity may do. It sees the identity's own policies, and not all of the
// organization's.
type rights struct {
	Preflight
	api    *iam.Client
	pathed func() (string, error) // the identity's role by its whole ARN
}

func (p Preflight) rights(ctx context.Context) *rights {
	api := p.Stack.Cloud.IAM(p.Stack.Regions[0])
	return &rights{Preflight: p, api: api, pathed: sync.OnceValues(func() (string, error) {
		_, name, _ := strings.Cut(p.Identity.Role(), ":role/")
		out, err := api.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
		if err != nil {
			return "", err
		}
		return aws.ToString(out.Role.Arn), nil
	})}
}

// verdicts are the actions that a simulation did not allow.
type verdicts struct {
	forbidden []string // by a statement that denies them
	unsure    []string // by no statement, or by one whose conditions ask for more than was simulated, such as MFA
}

// of checks whether the identity may make the part's calls, in the part's region. A dry run decides where the simulator
// denies a call or can't be asked about it.
func (r *rights) of(ctx context.Context, part *stack.Part) []Finding {
	const check = "permissions"
	actions := part.Calls().Names()
	if len(actions) == 0 {
		return nil
	}
	if strings.HasSuffix(r.Identity.ARN, ":root") {
		return []Finding{ok(part.Region, check, "the account's root user can do everything")}
	}
	found, err := r.simulate(ctx, part, actions)
	switch {
	case r.Stack.Cloud.Custom() != "": // what stands in for AWS seldom does what its simulator says, and may make what is tried
		found.unsure, found.forbidden = append(found.unsure, found.forbidden...), nil
	case err != nil || len(found.unsure) > 0:
		found.forbidden = append(found.forbidden, r.denied(ctx, part)...)
		slices.Sort(found.forbidden)
	}
	next := "add them to the policy of " + r.Identity.Role()
	switch {
	case len(found.forbidden) > 0:
		return []Finding{failed(part.Region, check, next, "denied: %s", strings.Join(found.forbidden, ", "))}
	case err != nil:
		return []Finding{warning(part.Region, check, "", "not known, because IAM's simulator can't be called: %v", err)}
	case len(found.unsure) > 0:
		return []Finding{warning(part.Region, check, next, "not allowed as far as IAM's simulator knows: %s", strings.Join(found.unsure, ", "))}
	}
	return []Finding{ok(part.Region, check, "all %d actions of the plan are allowed", len(actions))}
}

// simulate asks about the identity. A session's ARN lacks the path of its role, which the roles of IAM Identity Center
// have: the role itself tells it then.
func (r *rights) simulate(ctx context.Context, part *stack.Part, actions []string) (verdicts, error) {
	principal := r.Identity.Role()
	found, err := r.simulateFor(ctx, principal, part, actions)
	if !cloud.IsNotFound(err) || !strings.Contains(principal, ":role/") {
		return found, err
	}
	whole, lookErr := r.pathed()
	if lookErr != nil {
		return found, err
	}
	return r.simulateFor(ctx, whole, part, actions)
}

func (r *rights) simulateFor(ctx context.Context, principal string, part *stack.Part, actions []string) (verdicts, error) {
	pages := iam.NewSimulatePrincipalPolicyPaginator(r.api, &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(principal), ActionNames: actions, ResourceArns: r.examples(part.Region),
		ContextEntries: r.circumstances(part), MaxItems: aws.Int32(1000),
	})
	var results []types.EvaluationResult
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx, func(o *iam.Options) { o.Retryer = cloud.IfBusy() })
		if err != nil {
			return verdicts{}, fmt.Errorf("simulate the policies of %s: %w", principal, err)
		}
		results = append(results, page.EvaluationResults...)
	}
	return judge(results), nil
}

// judge keeps what an action's own service was asked about.
func judge(results []types.EvaluationResult) (v verdicts) {
	for _, result := range results {
		action := aws.ToString(result.EvalActionName)
		service, _, _ := strings.Cut(action, ":")
		if arn := strings.Split(aws.ToString(result.EvalResourceName), ":"); len(arn) > 2 && arn[2] != service {
			continue
		}
		switch certain := len(result.MissingContextValues) == 0; {
		case result.EvalDecision == types.PolicyEvaluationDecisionTypeAllowed:
		case result.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny && certain:
			v.forbidden = append(v.forbidden, action)
		default:
			v.unsure = append(v.unsure, action)
		}
	}
	slices.Sort(v.forbidden)
	slices.Sort(v.unsure)
	return v
}

// examples are one thing of each service, named as the stack names its things: policies may be limited to those.
func (r *rights) examples(region string) []string {
	account, name := r.Identity.Account, r.Stack.Name()
	in := func(service, region, thing string) string {
		return strings.Join([]string{"arn", cloud.Partition(r.Stack.Regions[0]), service, region, account, thing}, ":")
	}
	if region == state.Global {
		return []string{in("iam", "", "role/"+name)}
	}
	return []string{
		in("ec2", region, "vpc/vpc-0123456789abcdef0"),
		in("elasticloadbalancing", region, "loadbalancer/app/"+name+"/0123456789abcdef"),
		in("autoscaling", region, "autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/"+name),
	}
}

// circumstances are what conditions may ask for: where the calls go, what the things carry, and what the role is given.
func (r *rights) circumstances(part *stack.Part) []types.ContextEntry {
	region, partition := part.Region, cloud.Partition(r.Stack.Regions[0])
	if region == state.Global {
		region = cloud.Home(r.Stack.Regions[0])
	}
	entry := func(name, value string) types.ContextEntry {
		return types.ContextEntry{
			ContextKeyName: aws.String(name), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{value},
		}
	}
	all := []types.ContextEntry{entry("aws:RequestedRegion", region), entry("iam:PolicyARN", access.SessionManagerPolicy(partition))}
	for key, value := range tagsOf(part) {
		all = append(all, entry("aws:RequestTag/"+key, value), entry("aws:ResourceTag/"+key, value))
	}
	return all
}

// tagsOf are those of something that the part makes or changes.
func tagsOf(part *stack.Part) map[string]string {
	for _, step := range part.Plan.Changed() {
		if tags := part.Plan.Tags(step.Key); tags != nil {
			return tags
		}
	}
	return nil
}
