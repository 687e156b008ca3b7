package network

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

const (
	reportedACLRule = "networkAcl rule "
	reportedACL     = "networkAcl"
)

// ACLRule is a rule of a network ACL that AWS does not create, or one that AWS creates and that is missing.
type ACLRule struct{ Name, Is, Usual string }

// networkACL is one of a VPC's: the default one, which comes with it, or one that others added.
type networkACL struct {
	id        string
	isDefault bool
	rules     []types.NetworkAclEntry
	subnets   []string
}

// networkACLs are those of a VPC: one call, which its subnets share.
func networkACLs(
	ctx context.Context, s *graph.Look, api ec2.DescribeNetworkAclsAPIClient, vpc string,
) ([]networkACL, error) {
	pages := ec2.NewDescribeNetworkAclsPaginator(api, &ec2.DescribeNetworkAclsInput{
		Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{vpc}}},
	})
	items := func(page *ec2.DescribeNetworkAclsOutput) []types.NetworkAcl { return page.NetworkAcls }
	return list(ctx, s, "network ACLs of "+vpc, pages, items, func(acl types.NetworkAcl) networkACL {
		o := networkACL{id: aws.ToString(acl.NetworkAclId), isDefault: aws.ToBool(acl.IsDefault), rules: acl.Entries}
		for _, a := range acl.Associations {
			o.subnets = append(o.subnets, aws.ToString(a.SubnetId))
		}
		return o
	})
}

// AWS numbers the rules of a default network ACL so: one that lets everything through for each family of addresses, and
// last one that lets nothing ("Default network ACL for a VPC").
const (
	aclAllowIPv4, aclAllowIPv6 = 100, 101
	aclDenyIPv4, aclDenyIPv6   = 32767, 32768
)

// unusual are the rules of a default network ACL that are not as AWS created them.
func (o networkACL) unusual() []ACLRule {
	var all []ACLRule
	open := map[bool]bool{}
	for _, rule := range o.rules {
		switch number, everything := aws.ToInt32(rule.RuleNumber), coversAll(rule); {
		case number == aclDenyIPv4 || number == aclDenyIPv6:
		case number == aclAllowIPv4 && everything:
			open[aws.ToBool(rule.Egress)] = true
		case number == aclAllowIPv6 && everything:
		default:
			all = append(all, ACLRule{Name: ruleName(number, aws.ToBool(rule.Egress)), Is: ruleText(rule)})
		}
	}
	for _, egress := range []bool{false, true} {
		if open[egress] {
			continue
		}
		name, usual := ruleName(aclAllowIPv4, egress), "allow all "+everywhere
		if i := slices.IndexFunc(all, func(r ACLRule) bool { return r.Name == name }); i >= 0 {
			all[i].Usual = usual
		} else {
			all = append(all, ACLRule{Name: name, Usual: usual})
		}
	}
	return all
}

func coversAll(rule types.NetworkAclEntry) bool {
	source := aws.ToString(rule.CidrBlock) + aws.ToString(rule.Ipv6CidrBlock)
	return rule.RuleAction == types.RuleActionAllow && aws.ToString(rule.Protocol) == allProtocols &&
		(source == everywhere || source == "::/0")
}

func ruleName(number int32, egress bool) string {
	if egress {
		return fmt.Sprintf("%d egress", number)
	}
	return fmt.Sprintf("%d ingress", number)
}

func ruleText(rule types.NetworkAclEntry) string {
	protocol := "protocol " + aws.ToString(rule.Protocol)
	if aws.ToString(rule.Protocol) == allProtocols {
		protocol = "all"
	}
	text := fmt.Sprintf("%s %s %s", rule.RuleAction, protocol,
		aws.ToString(rule.CidrBlock)+aws.ToString(rule.Ipv6CidrBlock))
	if ports := rule.PortRange; ports != nil {
		text += fmt.Sprintf(" ports %d-%d", aws.ToInt32(ports.From), aws.ToInt32(ports.To))
	}
	return text
}
