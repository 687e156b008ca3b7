package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestObserveRules(t *testing.T) {
	got := observeRules([]types.IpPermission{
		{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
			IpRanges:         []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}, {CidrIp: aws.String("10.0.0.0/8")}},
			Ipv6Ranges:       []types.Ipv6Range{{CidrIpv6: aws.String("::/0")}},
			PrefixListIds:    []types.PrefixListId{{PrefixListId: aws.String("pl-1")}},
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: aws.String("sg-1"), UserId: aws.String("123456789012")}},
		},
		{IpProtocol: aws.String("-1"), FromPort: aws.Int32(-1), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}},
	})
	want := []RuleState{
		{Protocol: "tcp", From: 80, To: 80, Source: "0.0.0.0/0"},
		{Protocol: "tcp", From: 80, To: 80, Source: "10.0.0.0/8"},
		{Protocol: "tcp", From: 80, To: 80, Source: "::/0"},
		{Protocol: "tcp", From: 80, To: 80, Source: "pl-1"},
		{Protocol: "tcp", From: 80, To: 80, Source: "sg-1", Account: "123456789012"},
		{Protocol: "-1", Source: "0.0.0.0/0"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("observeRules() (-want +got):\n%s", diff)
	}
}

// A revoked rule must be exactly the one that was seen.
func TestRulesRoundTripProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOf(rapid.Custom(drawRule)).Draw(t, "rules")
		if diff := cmp.Diff(rules, observeRules(permissions(rules)), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("observeRules(permissions()) (-want +got):\n%s", diff)
		}
	})
}

func drawRule(t *rapid.T) RuleState {
	rule := RuleState{
		Protocol: rapid.SampledFrom([]string{"tcp", "udp", "-1"}).Draw(t, "protocol"),
		Source: rapid.SampledFrom([]string{
			"0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::/32", "pl-1", "sg-1",
		}).Draw(t, "source"),
	}
	if rule.Protocol != allProtocols {
		rule.From = rapid.Int32Range(0, 65535).Draw(t, "from")
		rule.To = rapid.Int32Range(rule.From, 65535).Draw(t, "to")
	}
	if rule.fromGroup() {
		rule.Account = rapid.SampledFrom([]string{"", "123456789012"}).Draw(t, "account")
	}
	return rule
}
