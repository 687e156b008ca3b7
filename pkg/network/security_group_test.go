package network

import (
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

func TestSecurityGroupDiff(t *testing.T) {
	ref := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "security-group/alb": "sg-alb", "security-group/app": "sg-app",
	})
	alb := SecurityGroup{
		Meta: meta("security-group/alb"), VPC: ref("vpc"), GroupName: "web-alb", Description: "load balancer",
		Ingress: []Rule{{Port: 80, CIDR: netip.MustParsePrefix("0.0.0.0/0")}},
	}
	app := but(alb, func(r *SecurityGroup) { r.Ingress = []Rule{{Port: 80, Group: ref("security-group/alb")}} })
	early := but(alb, func(r *SecurityGroup) { r.Ingress = []Rule{{Port: 80, Group: ref("security-group/none")}} })
	good := SecurityGroupState{
		Identity: graph.Identity{ID: "sg-1", Tags: ownTags("security-group/alb")}, VPCID: "vpc-1",
		GroupName: "web-alb", Description: "load balancer", Egress: []RuleState{allowAll},
		Ingress: []RuleState{{Protocol: "tcp", From: 80, To: 80, Source: "0.0.0.0/0"}},
	}
	fromALB := RuleState{Protocol: "tcp", From: 80, To: 80, Source: "sg-alb", Account: "123456789012"}
	checkDiffs(t, map[string]diffCase[SecurityGroupState]{
		"addresses, as wanted": {alb, good, nil},
		"group, as wanted": {
			app, but(good, func(o *SecurityGroupState) { o.Ingress = []RuleState{fromALB} }), nil,
		},
		"opened by hand": {
			alb, but(good, func(o *SecurityGroupState) {
				o.Ingress = append([]RuleState{
					{Protocol: "tcp", From: 22, To: 22, Source: "0.0.0.0/0"}, {Protocol: "-1", Source: "::/0"},
				}, o.Ingress...)
			}),
			[]graph.Change{
				{Field: "ingress tcp 22 from 0.0.0.0/0", From: "allowed"},
				{Field: "ingress all from ::/0", From: "allowed"},
			},
		},
		"a port that the heir still uses, and one that nothing uses": {
			but(alb, func(r *SecurityGroup) {
				r.Retiring, r.Heir = []Rule{{Port: 443, CIDR: netip.MustParsePrefix("0.0.0.0/0")}}, ref("security-group/app")
			}),
			but(good, func(o *SecurityGroupState) {
				o.Ingress = append([]RuleState{
					{Protocol: "tcp", From: 443, To: 443, Source: "0.0.0.0/0"}, {Protocol: "tcp", From: 22, To: 22, Source: "0.0.0.0/0"},
				}, o.Ingress...)
			}),
			[]graph.Change{
				{Field: "ingress tcp 443 from 0.0.0.0/0", From: "allowed", After: "security-group/app"},
				{Field: "ingress tcp 22 from 0.0.0.0/0", From: "allowed"},
			},
		},
		"a wider range is another rule": {
			alb, but(good, func(o *SecurityGroupState) {
				o.Ingress = []RuleState{{Protocol: "tcp", From: 80, To: 90, Source: "0.0.0.0/0"}}
			}),
			[]graph.Change{
				{Field: "ingress tcp 80 from 0.0.0.0/0", To: "allowed"},
				{Field: "ingress tcp 80-90 from 0.0.0.0/0", From: "allowed"},
			},
		},
		"group that is not there yet": {
			early, but(good, func(o *SecurityGroupState) { o.Ingress = nil }),
			[]graph.Change{
				{Field: "ingress tcp 80 from security-group/none", To: "allowed", After: "security-group/none"},
			},
		},
		"egress closed": {
			alb, but(good, func(o *SecurityGroupState) { o.Egress = nil }),
			[]graph.Change{{Field: "egress all to 0.0.0.0/0", To: "allowed"}},
		},
		"named otherwise": {
			alb, but(good, func(o *SecurityGroupState) { o.GroupName, o.Description = "x", "y" }),
			[]graph.Change{
				{Field: "groupName", From: "x", To: "web-alb", Fixed: "fixed"},
				{Field: "description", From: "y", To: "load balancer", Fixed: "fixed"},
			},
		},
	})
}

// Groups that name each other, through a rule made by hand, can't wait for one another.
func TestCircleOfGroupsScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.network)
		_, err := s.EC2.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: aws.String(s.id("security-group/alb")), IpPermissions: permissions([]RuleState{
				{Protocol: "tcp", From: 80, To: 80, Source: s.id("security-group/endpoint")},
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Down()
	})
}

func TestInCircle(t *testing.T) {
	group := func(id string, sources ...string) SecurityGroupState {
		var o SecurityGroupState
		o.ID = id
		for _, source := range sources {
			o.Ingress = append(o.Ingress, RuleState{Protocol: "tcp", From: 80, To: 80, Source: source})
		}
		return o
	}
	chain := []SecurityGroupState{group("alb", "0.0.0.0/0"), group("app", "alb", "app"), group("endpoint", "app")}
	circle := []SecurityGroupState{group("alb", "endpoint"), chain[1], chain[2]}
	for name, tc := range map[string]struct {
		all      []SecurityGroupState
		from, to string
		want     bool
	}{
		"chain":             {chain, "alb", "app", false},
		"chain, from end":   {chain, "endpoint", "alb", true},
		"circle":            {circle, "alb", "app", true},
		"circle, elsewhere": {circle, "app", "endpoint", true},
		"stranger":          {circle, "alb", "other", false},
	} {
		t.Run(name, func(t *testing.T) {
			from := slices.IndexFunc(tc.all, func(o SecurityGroupState) bool { return o.ID == tc.from })
			if got := inCircle(tc.all, tc.all[from], tc.to); got != tc.want {
				t.Errorf("inCircle(%s, %s) = %t, want %t", tc.from, tc.to, got, tc.want)
			}
		})
	}
}
