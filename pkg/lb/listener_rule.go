package lb

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// Rule is one that others added to a listener. It takes the requests that meet its conditions.
type Rule struct {
	Priority string
	Does     string // such as "path-pattern /x → forward arn:…"
}

// withRules completes the listeners of the load balancers, for a plan, with their rules, which are in no list; the call
// starts at once for a listener that the journal knows.
func (k Listeners) withRules(ctx context.Context, s *graph.Look) ([]ListenerState, error) {
	var bound errgroup.Group
	if s.Thorough {
		for _, arn := range s.Bound[k.Kind()] {
			bound.Go(func() error { _, err := k.rules(ctx, s, arn); return err })
		}
	}
	found, err := k.ofBalancers(ctx, s)
	if waitErr := bound.Wait(); err == nil {
		err = waitErr
	}
	if err != nil || !s.Thorough {
		return found, err
	}
	known := s.Bound[k.Kind()]
	for i := range found {
		if len(known) == 0 || slices.Contains(known, found[i].ID) { // those of others are reported as a whole
			if found[i].Rules, err = k.rules(ctx, s, found[i].ID); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// rules are all but the default one.
func (k Listeners) rules(ctx context.Context, s *graph.Look, listener string) ([]Rule, error) {
	return graph.Once(ctx, s, "rules of "+listener, func(ctx context.Context) ([]Rule, error) {
		var found []Rule
		in := &elb.DescribeRulesInput{ListenerArn: aws.String(listener)}
		for pages := elb.NewDescribeRulesPaginator(k.API, in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, cloud.IgnoreNotFound(err)
			}
			for _, rule := range page.Rules {
				if !aws.ToBool(rule.IsDefault) {
					found = append(found, observeRule(rule))
				}
			}
		}
		return found, nil
	})
}

func observeRule(rule types.Rule) Rule {
	var conditions []string
	for _, c := range rule.Conditions {
		conditions = append(conditions, strings.TrimSpace(aws.ToString(c.Field)+" "+strings.Join(valuesOf(c), ",")))
	}
	does := describeAction(rule.Actions)
	if len(conditions) > 0 {
		does = strings.Join(conditions, " and ") + ": " + does
	}
	return Rule{Priority: aws.ToString(rule.Priority), Does: does}
}

// valuesOf are what the condition compares with, for the fields whose values the API repeats in a list of its own.
func valuesOf(c types.RuleCondition) []string {
	switch {
	case c.PathPatternConfig != nil:
		return c.PathPatternConfig.Values
	case c.HostHeaderConfig != nil:
		return c.HostHeaderConfig.Values
	}
	return c.Values
}
