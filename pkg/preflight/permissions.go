package preflight

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"provision/pkg/access"
	"provision/pkg/cloud"
	"provision/pkg/kind"
	"provision/pkg/kinds"
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

// request is what IAM is asked about one region: whether the identity may do something to some things.
type request struct {
	region  string
	actions []string
	things  []string                      // ARNs, since policies may be limited to things
	about   func(action, arn string) bool // whether an action is done to a thing
	tags    map[string]string             // that the things carry
	limits  map[string]types.ContextEntry // what registrations limit the calls on a thing to, by its ARN
	tries   map[string]dryRun             // by action
}

// dryRun is a call that EC2 answers without making it, and sees every policy there is.
type dryRun func(context.Context, *ec2.Client) error

// verdicts are the actions that a simulation did not allow.
type verdicts struct {
	forbidden []string // by a statement that denies them
	unsure    []string // by no statement, or by one whose conditions ask for more than was simulated, such as MFA
}

// of checks whether the identity may make the part's calls, in the part's region.
func (r *rights) of(ctx context.Context, part *stack.Part) []Finding {
	return r.check(ctx, r.forPlan(part))
}

// check lets a dry run decide where the simulator does not allow a call or can't be asked about it.
func (r *rights) check(ctx context.Context, q request) []Finding {
	const check = "permissions"
	if len(q.actions) == 0 {
		return nil
	}
	if strings.HasSuffix(r.Identity.ARN, ":root") {
		return []Finding{ok(q.region, check, "the account's root user can do everything")}
	}
	found, err := r.simulate(ctx, q)
	switch {
	case r.Stack.Cloud.Custom() != "": // what stands in for AWS seldom does what its simulator says, and may make what is tried
		found.unsure, found.forbidden = append(found.unsure, found.forbidden...), nil
	case err != nil || len(found.unsure) > 0:
		allowed, denied := r.try(ctx, q)
		found.forbidden = append(found.forbidden, denied...)
		found.unsure = slices.DeleteFunc(found.unsure, func(action string) bool {
			return slices.Contains(allowed, action) || slices.Contains(denied, action)
		})
		slices.Sort(found.forbidden)
	}
	next := "add them to the policy of " + r.Identity.Role()
	switch {
	case len(found.forbidden) > 0:
		return []Finding{failed(q.region, check, next, "denied: %s", strings.Join(found.forbidden, ", "))}
	case err != nil:
		return []Finding{warning(q.region, check, "", "not known, because IAM's simulator can't be called: %v", err)}
	case len(found.unsure) > 0:
		return []Finding{warning(q.region, check, next, "not allowed as far as IAM's simulator knows: %s", strings.Join(found.unsure, ", "))}
	}
	return []Finding{ok(q.region, check, "all %d actions of the plan are allowed", len(q.actions))}
}

// simulate asks about the identity. A session's ARN lacks the path of its role, which the roles of IAM Identity Center
// have: the role itself tells it then.
func (r *rights) simulate(ctx context.Context, q request) (verdicts, error) {
	principal := r.Identity.Role()
	found, err := r.simulateFor(ctx, principal, q)
	if !cloud.IsNotFound(err) || !strings.Contains(principal, ":role/") {
		return found, err
	}
	whole, lookErr := r.pathed()
	if lookErr != nil {
		return found, err
	}
	return r.simulateFor(ctx, whole, q)
}

func (r *rights) simulateFor(ctx context.Context, principal string, q request) (verdicts, error) {
	var results []types.EvaluationResult
	for _, part := range q.apart() {
		pages := iam.NewSimulatePrincipalPolicyPaginator(r.api, &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: aws.String(principal), ActionNames: part.actions, ResourceArns: part.things,
			ContextEntries: r.circumstances(part), MaxItems: aws.Int32(1000),
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx, func(o *iam.Options) { o.Retryer = cloud.IfBusy() })
			if err != nil {
				return verdicts{}, fmt.Errorf("simulate the policies of %s: %w", principal, err)
			}
			results = append(results, page.EvaluationResults...)
		}
	}
	return judge(results, q.about), nil
}

// apart are requests each of which has one value for a condition key: two roles with two boundaries are asked about one
// after the other.
func (q request) apart() []request {
	var all []request
	for _, thing := range q.things {
		limit, limited := q.limits[thing]
		i := slices.IndexFunc(all, func(other request) bool {
			have, has := other.limits[""]
			return !limited || !has || slices.Equal(have.ContextKeyValues, limit.ContextKeyValues)
		})
		if i < 0 {
			one := q
			one.things, one.limits = nil, map[string]types.ContextEntry{}
			i, all = len(all), append(all, one)
		}
		all[i].things = append(all[i].things, thing)
		if limited {
			all[i].limits[""] = limit
		}
	}
	if all == nil {
		return []request{q}
	}
	return all
}

// judge keeps what the simulator says of an action and the things that it is done to. Of several things, the decision on
// the whole is that on the worst, be the action done to it or not: each thing has its own in ResourceSpecificResults.
func judge(results []types.EvaluationResult, about func(action, arn string) bool) (v verdicts) {
	for _, result := range results {
		action := aws.ToString(result.EvalActionName)
		if len(result.ResourceSpecificResults) == 0 {
			if about(action, aws.ToString(result.EvalResourceName)) {
				v.add(action, result.EvalDecision, result.MissingContextValues)
			}
			continue
		}
		for _, one := range result.ResourceSpecificResults {
			if about(action, aws.ToString(one.EvalResourceName)) {
				v.add(action, one.EvalResourceDecision, one.MissingContextValues)
			}
		}
	}
	v.forbidden = sorted(v.forbidden)
	v.unsure = slices.DeleteFunc(sorted(v.unsure), func(action string) bool { return slices.Contains(v.forbidden, action) })
	return v
}

func (v *verdicts) add(action string, decision types.PolicyEvaluationDecisionType, missing []string) {
	switch {
	case decision == types.PolicyEvaluationDecisionTypeAllowed:
	case decision == types.PolicyEvaluationDecisionTypeExplicitDeny && len(missing) == 0:
		v.forbidden = append(v.forbidden, action)
	default:
		v.unsure = append(v.unsure, action)
	}
}

func sorted(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// forPlan asks about the calls of a plan.
func (r *rights) forPlan(part *stack.Part) request {
	named := r.named(part)
	return request{
		region: part.Region, actions: part.Calls().Names(), things: r.examples(part.Region, named),
		about: func(action, arn string) bool {
			if own := named[action]; len(own) > 0 {
				return slices.Contains(own, arn)
			}
			return sameService(action, arn)
		},
		tags: tagsOf(part), tries: triable(part), limits: r.limits(part),
	}
}

// sameService says whether a thing is of the service that an action belongs to. "*" is everything.
func sameService(action, arn string) bool {
	service, _, _ := strings.Cut(action, ":")
	part := strings.Split(arn, ":")
	return len(part) < 3 || part[2] == service
}

// examples are things of the services whose policies go by tags, and those that are known by the stack's name: policies may
// be limited to them.
func (r *rights) examples(region string, named map[string][]string) []string {
	var all []string
	if region != state.Global {
		all = []string{
			r.example(region, "ec2:*:{account}:vpc/vpc-0123456789abcdef0"),
			r.example(region, "elasticloadbalancing:*:{account}:loadbalancer/app/{name}/0123456789abcdef"),
		}
	}
	for _, arns := range named {
		all = append(all, arns...)
	}
	return sorted(all)
}

// named are the ARNs of what each action is done to, for the actions that registrations limit by name.
func (r *rights) named(part *stack.Part) map[string][]string {
	all := map[string][]string{}
	for _, one := range changed(part) {
		for _, action := range one.Actions.Called() {
			for _, on := range one.Actions.On {
				all[action] = append(all[action], r.example(part.Region, on))
			}
		}
	}
	return all
}

// changed are the kinds of what a plan changes.
func changed(part *stack.Part) map[string]kind.Registration {
	of := map[string]kind.Registration{}
	if part.Plan != nil {
		for _, step := range part.Plan.Changed() {
			of[kinds.Of(step).Name()] = kinds.Of(step)
		}
	}
	return of
}

// limits are what registrations limit the calls on their things to by an ARN, or by what a call says.
func (r *rights) limits(part *stack.Part) map[string]types.ContextEntry {
	all := map[string]types.ContextEntry{}
	for _, of := range changed(part) {
		for _, further := range of.Actions.Further {
			for _, limit := range further.Limits {
				value := limit.Values[0]
				switch {
				case further.Implied:
					continue
				case strings.HasPrefix(limit.Operator, "Arn"):
					value = r.example(part.Region, value)
				case limit.Operator != "Bool":
					continue
				}
				for _, on := range of.Actions.On {
					all[r.example(part.Region, on)] = entry(limit.Key, value)
				}
			}
		}
	}
	return all
}

func entry(name, value string) types.ContextEntry {
	return types.ContextEntry{
		ContextKeyName: aws.String(name), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{value},
	}
}

// example is an ARN as registrations write it, of the stack's own; where they leave something open, any text will do.
func (r *rights) example(region, text string) string {
	return "arn:" + cloud.Partition(r.Stack.Regions[0]) + ":" + strings.NewReplacer(
		":*:", ":"+region+":", "{account}", r.Identity.Account, "{name}", r.Stack.Name(), "{role}", access.RoleName(r.Stack.Name()), "*", "example",
	).Replace(text)
}

// circumstances are what conditions may ask for: where the calls go, what the things carry, and what registrations limit
// the calls on them to.
func (r *rights) circumstances(q request) []types.ContextEntry {
	region := q.region
	if region == state.Global {
		region = cloud.Home(r.Stack.Regions[0])
	}
	all := []types.ContextEntry{entry("aws:RequestedRegion", region)}
	for _, limit := range q.limits {
		all = append(all, limit)
	}
	for key, value := range q.tags {
		all = append(all, entry("aws:RequestTag/"+key, value), entry("aws:ResourceTag/"+key, value))
	}
	return all
}

// tagsOf are those of something that the part makes or changes.
func tagsOf(part *stack.Part) map[string]string {
	if part.Plan == nil {
		return nil
	}
	for _, step := range part.Plan.Changed() {
		if tags := part.Plan.Tags(step.Key); tags != nil {
			return tags
		}
	}
	return nil
}
