package network

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// SecurityGroupAPI is what this file and security_group_wish.go call.
type SecurityGroupAPI interface {
	cloud.EC2Tagger
	ec2.DescribeSecurityGroupsAPIClient
	ec2.DescribeSecurityGroupRulesAPIClient
	ec2.DescribeNetworkInterfacesAPIClient
	CreateSecurityGroup(context.Context, *ec2.CreateSecurityGroupInput, ...func(*ec2.Options)) (*ec2.CreateSecurityGroupOutput, error)
	DeleteSecurityGroup(context.Context, *ec2.DeleteSecurityGroupInput, ...func(*ec2.Options)) (*ec2.DeleteSecurityGroupOutput, error)
	AuthorizeSecurityGroupIngress(context.Context, *ec2.AuthorizeSecurityGroupIngressInput, ...func(*ec2.Options)) (*ec2.AuthorizeSecurityGroupIngressOutput, error)
	RevokeSecurityGroupIngress(context.Context, *ec2.RevokeSecurityGroupIngressInput, ...func(*ec2.Options)) (*ec2.RevokeSecurityGroupIngressOutput, error)
	AuthorizeSecurityGroupEgress(context.Context, *ec2.AuthorizeSecurityGroupEgressInput, ...func(*ec2.Options)) (*ec2.AuthorizeSecurityGroupEgressOutput, error)
}

// SecurityGroupState is a security group as observed.
type SecurityGroupState struct {
	graph.Identity
	VPCID, GroupName, Description string

	Ingress, Egress []RuleState
	account         string
}

// Facts implements [kind.Telling]: what it lets in.
func (o SecurityGroupState) Facts() []string {
	var rules []string
	for _, r := range o.Ingress {
		rules = append(rules, fmt.Sprintf("%s %d from %s", r.Protocol, r.From, r.Source))
	}
	return rules
}

// SecurityGroups is the kind "security-group".
type SecurityGroups struct {
	API     SecurityGroupAPI
	Keepers *Keepers // of the region's network interfaces
}

// SecurityGroupKind is what is known of the kind "security-group".
var SecurityGroupKind = kind.Register(kind.Registration{
	Title:    "Security group",
	TaggedAs: types.ResourceTypeSecurityGroup,
	After:    []string{"auto-scaling-group", "instance", "load-balancer", "vpc-endpoint"},
	Writes: kind.Writes{
		Create: "ec2:CreateSecurityGroup", Later: []string{"ingress "},
		Update: []kind.Update{
			tagWrites,
			{
				Field: "ingress ", Set: []string{"ec2:AuthorizeSecurityGroupIngress"},
				Clear: "ec2:RevokeSecurityGroupIngress", ClearEach: true,
			},
			{Field: "egress ", Set: []string{"ec2:AuthorizeSecurityGroupEgress"}},
		},
		Delete: []string{"ec2:DeleteSecurityGroup"},
	},
	Actions: kind.Actions{
		Read: []string{
			"ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcEndpoints", "ec2:DescribeNatGateways",
			"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags",
		},
		Create: []string{"ec2:CreateSecurityGroup"},
		Within: []string{"ec2:CreateSecurityGroup"},
		Change: []string{
			"ec2:CreateTags", "ec2:DeleteTags",
			"ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup",
			"ec2:RevokeSecurityGroupIngress",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldIngress, fieldEgress},
		Fixed:    []string{"vpcId", "groupName", "description"},
		Reported: []string{reportedEgress},
		Unread:   []string{"descriptions of rules"},
	},
	Least: kind.Least{Follow: kind.OneForAll},
	Place: kind.Security,
}, func(c *cloud.Region, _ string) SecurityGroups {
	return SecurityGroups{API: c.EC2, Keepers: keepersOf(c)}
})

// Kind implements [graph.Kind].
func (SecurityGroups) Kind() string { return "security-group" }

// Pace implements [graph.Kind].
func (SecurityGroups) Pace() graph.Pace { return graph.Pace{Limit: 15 * time.Minute} }

// List implements [graph.Kind].
func (k SecurityGroups) List(ctx context.Context, s *graph.Look) ([]SecurityGroupState, error) {
	return k.list(ctx, s, "security groups", cloud.EC2Filter(s, "group-id"))
}

func (k SecurityGroups) list(
	ctx context.Context, s *graph.Look, name string, filters []types.Filter,
) ([]SecurityGroupState, error) {
	pages := ec2.NewDescribeSecurityGroupsPaginator(k.API, &ec2.DescribeSecurityGroupsInput{Filters: filters})
	items := func(page *ec2.DescribeSecurityGroupsOutput) []types.SecurityGroup { return page.SecurityGroups }
	return list(ctx, s, name, pages, items, observeSecurityGroup)
}

// Phase implements [graph.Kind].
func (SecurityGroups) Phase(SecurityGroupState) (graph.Phase, string) { return graph.Ready, "" }

// Blockers implements [graph.Blocking]: network interfaces that carry the group, and groups whose rules name it. Those
// of the stack itself pass, since they are being deleted, too.
func (k SecurityGroups) Blockers(ctx context.Context, s *graph.Look, o SecurityGroupState) ([]graph.Blocker, error) {
	var blockers []graph.Blocker
	interfaces := func() (err error) {
		carries := func(i networkInterface) bool { return slices.Contains(i.groups, o.ID) }
		blockers, err = interfaceBlockers(ctx, s, k.API, k.Keepers, o.VPCID, carries)
		return err
	}
	if s.Again { // the interfaces that were in the way most likely still are
		if err := interfaces(); err != nil || len(blockers) > 0 {
			return blockers, err
		}
		return k.naming(ctx, s, o)
	}
	var naming []graph.Blocker
	err := sideBySide(interfaces, func() (err error) { naming, err = k.naming(ctx, s, o); return err })
	return append(blockers, naming...), err
}

// naming are the groups whose rules name the group.
func (k SecurityGroups) naming(ctx context.Context, s *graph.Look, o SecurityGroupState) ([]graph.Blocker, error) {
	all, err := k.list(ctx, s, "security groups of "+o.VPCID, inVPC(o.VPCID))
	if err != nil {
		return nil, err
	}
	var blockers []graph.Blocker
	for _, other := range all {
		if other.ID == o.ID || !other.names(o.ID) || inCircle(all, o, other.ID) {
			continue
		}
		blockers = append(blockers, graph.Blocker{
			ID: other.ID, Kind: "rule of security group", Owner: ownerText(other.Identity, other.account),
			Passing: s.Owner.Owns(other.Identity),
		})
	}
	return blockers, nil
}

// names says whether a rule of the group has the given group as its source or destination.
func (o SecurityGroupState) names(id string) bool {
	isSource := func(rule RuleState) bool { return rule.Source == id }
	return slices.ContainsFunc(o.Ingress, isSource) || slices.ContainsFunc(o.Egress, isSource)
}

// inCircle says whether the ingress rules of a group lead to another: if that one's rules name the group in turn,
// neither can wait for the other to be deleted.
func inCircle(all []SecurityGroupState, from SecurityGroupState, to string) bool {
	seen := map[string]bool{}
	var leads func(SecurityGroupState) bool
	leads = func(g SecurityGroupState) bool {
		if seen[g.ID] {
			return false
		}
		seen[g.ID] = true
		return slices.ContainsFunc(g.Ingress, func(rule RuleState) bool {
			next := slices.IndexFunc(all, func(other SecurityGroupState) bool { return other.ID == rule.Source })
			return rule.Source == to || next >= 0 && leads(all[next])
		})
	}
	return leads(from)
}

// Delete implements [graph.Kind]. A group that can't be deleted gives up its rules that name other groups: in a circle
// of groups that is what holds them. The engine tries again.
func (k SecurityGroups) Delete(ctx context.Context, o SecurityGroupState) error {
	_, err := k.API.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: aws.String(o.ID)})
	if cloud.Classify(err) != graph.Held {
		return cloud.IgnoreNotFound(err)
	}
	named := slices.DeleteFunc(slices.Clone(o.Ingress), func(rule RuleState) bool { return !rule.fromGroup() })
	if _, revokeErr := k.revoke(ctx, o.ID, named); revokeErr != nil {
		return fmt.Errorf("revoke the rules that name other groups: %w", revokeErr)
	}
	return err
}

// revoke takes ingress rules away, each by its ID in a call of its own: where one of several rules is not there any more, AWS
// refuses the whole call and revokes none. It returns those of the unwanted rules that are there afterwards.
func (k SecurityGroups) revoke(ctx context.Context, id string, unwanted []RuleState) (left []RuleState, err error) {
	if len(unwanted) == 0 {
		return nil, nil
	}
	revoked := map[string]bool{}
	for range revokeRounds {
		there, err := k.ingressRules(ctx, id)
		if err != nil {
			return unwanted, cloud.IgnoreNotFound(err)
		}
		left = nil
		var calls []func() error
		for _, rule := range there {
			if revoked[rule.id] || !slices.ContainsFunc(unwanted, rule.same) {
				continue
			}
			revoked[rule.id] = true
			left = append(left, rule.RuleState)
			calls = append(calls, func() error { return k.revokeRule(ctx, id, rule.id) })
		}
		if err := sideBySide(calls...); err != nil || len(calls) == 0 {
			return left, err
		}
	}
	return left, nil
}

// revokeRounds is how often a group is looked at for rules that are to go: once before, and once after.
const revokeRounds = 2

func (k SecurityGroups) revokeRule(ctx context.Context, groupID, ruleID string) error {
	_, err := k.API.RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{
		GroupId: aws.String(groupID), SecurityGroupRuleIds: []string{ruleID},
	})
	return cloud.IgnoreNotFound(err)
}

// identifiedRule is a rule with its ID, which the group's own description lacks.
type identifiedRule struct {
	RuleState
	id string
}

func (k SecurityGroups) ingressRules(ctx context.Context, groupID string) ([]identifiedRule, error) {
	pages := ec2.NewDescribeSecurityGroupRulesPaginator(k.API, &ec2.DescribeSecurityGroupRulesInput{
		Filters: []types.Filter{{Name: aws.String("group-id"), Values: []string{groupID}}},
	})
	items := func(page *ec2.DescribeSecurityGroupRulesOutput) []types.SecurityGroupRule {
		return page.SecurityGroupRules
	}
	all, err := list(ctx, &graph.Look{}, "rules", pages, items, observeRule)
	return slices.DeleteFunc(all, func(r identifiedRule) bool { return r.id == "" }), err
}

// observeRule is empty for an egress rule.
func observeRule(rule types.SecurityGroupRule) identifiedRule {
	if aws.ToBool(rule.IsEgress) {
		return identifiedRule{}
	}
	o := identifiedRule{RuleState{Protocol: aws.ToString(rule.IpProtocol)}, aws.ToString(rule.SecurityGroupRuleId)}
	if o.Protocol != allProtocols {
		o.From, o.To = aws.ToInt32(rule.FromPort), aws.ToInt32(rule.ToPort)
	}
	switch {
	case rule.ReferencedGroupInfo != nil:
		o.Source = aws.ToString(rule.ReferencedGroupInfo.GroupId)
	case rule.PrefixListId != nil:
		o.Source = *rule.PrefixListId
	case rule.CidrIpv6 != nil:
		o.Source = *rule.CidrIpv6
	default:
		o.Source = aws.ToString(rule.CidrIpv4)
	}
	return o
}

// RepeatsSafely implements [graph.Repeatable]: a second group of one name in the VPC is a duplicate.
func (SecurityGroups) RepeatsSafely() bool { return true }

func observeSecurityGroup(group types.SecurityGroup) SecurityGroupState {
	return SecurityGroupState{
		Identity:    cloud.EC2Identity(group.GroupId, group.Tags),
		VPCID:       aws.ToString(group.VpcId),
		GroupName:   aws.ToString(group.GroupName),
		Description: aws.ToString(group.Description),
		Ingress:     observeRules(group.IpPermissions),
		Egress:      observeRules(group.IpPermissionsEgress),
		account:     aws.ToString(group.OwnerId),
	}
}
