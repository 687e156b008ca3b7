package network

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

// Rule lets TCP in at a port, either from addresses or from what carries a security group.
type Rule struct {
	Port  int32
	CIDR  netip.Prefix // the zero value: from Group
	Group graph.Ref
}

// RuleState is one rule as observed. AWS lists rules of one protocol and port together; here each stands for itself.
type RuleState struct {
	Protocol string // "tcp", "udp", "icmp", a number, or "-1" for all
	From, To int32  // ports; 0 where the protocol has none
	Source   string // a CIDR block, a prefix list or a security group; of egress rules, the destination
	Account  string // of a security group
}

const (
	allProtocols = "-1"
	tcp          = "tcp"
)

// allowAll is the egress rule that AWS gives every new group.
var allowAll = RuleState{Protocol: allProtocols, Source: everywhere}

// String is stable however the sources' IDs come to be known, since changes are recognised by it.
func (r Rule) String() string {
	if r.CIDR.IsValid() {
		return r.state().String()
	}
	return fmt.Sprintf("%s %d from %s", tcp, r.Port, r.Group.Key())
}

// state is the rule as AWS would list it; its source is empty while the group does not exist.
func (r Rule) state() RuleState {
	s := RuleState{Protocol: tcp, From: r.Port, To: r.Port}
	if r.CIDR.IsValid() {
		s.Source = r.CIDR.String()
	} else {
		s.Source = r.Group.ID()
	}
	return s
}

func (s RuleState) String() string {
	switch {
	case s.Protocol == allProtocols:
		return "all from " + s.Source
	case s.From == s.To:
		return fmt.Sprintf("%s %d from %s", s.Protocol, s.From, s.Source)
	}
	return fmt.Sprintf("%s %d-%d from %s", s.Protocol, s.From, s.To, s.Source)
}

// same leaves the account out: IDs of groups are unique without it.
func (s RuleState) same(other RuleState) bool {
	s.Account, other.Account = "", ""
	return s == other
}

func (s RuleState) fromGroup() bool { return strings.HasPrefix(s.Source, "sg-") }

func observeRules(all []types.IpPermission) []RuleState {
	var rules []RuleState
	for _, p := range all {
		add := func(source, account *string) {
			rule := RuleState{
				Protocol: aws.ToString(p.IpProtocol), Source: aws.ToString(source), Account: aws.ToString(account),
			}
			if rule.Protocol != allProtocols {
				rule.From, rule.To = aws.ToInt32(p.FromPort), aws.ToInt32(p.ToPort)
			}
			rules = append(rules, rule)
		}
		for _, r := range p.IpRanges {
			add(r.CidrIp, nil)
		}
		for _, r := range p.Ipv6Ranges {
			add(r.CidrIpv6, nil)
		}
		for _, r := range p.PrefixListIds {
			add(r.PrefixListId, nil)
		}
		for _, r := range p.UserIdGroupPairs {
			add(r.GroupId, r.UserId)
		}
	}
	return rules
}

// permissions are rules as AWS takes them.
func permissions(rules []RuleState) []types.IpPermission {
	all := make([]types.IpPermission, 0, len(rules))
	for _, s := range rules {
		p := types.IpPermission{IpProtocol: aws.String(s.Protocol)}
		if s.Protocol != allProtocols {
			p.FromPort, p.ToPort = aws.Int32(s.From), aws.Int32(s.To)
		}
		switch {
		case s.fromGroup():
			pair := types.UserIdGroupPair{GroupId: aws.String(s.Source)}
			if s.Account != "" {
				pair.UserId = aws.String(s.Account)
			}
			p.UserIdGroupPairs = []types.UserIdGroupPair{pair}
		case strings.HasPrefix(s.Source, "pl-"):
			p.PrefixListIds = []types.PrefixListId{{PrefixListId: aws.String(s.Source)}}
		case strings.Contains(s.Source, ":"):
			p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: aws.String(s.Source)}}
		default:
			p.IpRanges = []types.IpRange{{CidrIp: aws.String(s.Source)}}
		}
		all = append(all, p)
	}
	return all
}
