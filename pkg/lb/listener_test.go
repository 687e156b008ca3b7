package lb

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func TestListenerDiff(t *testing.T) {
	ref := known(t)
	plain := Listener{
		Meta: meta("listener/http"), LoadBalancer: ref("load-balancer"), TargetGroup: ref("target-group"), Port: 80,
	}
	secure := Listener{
		Meta: meta("listener/https"), LoadBalancer: ref("load-balancer"), TargetGroup: ref("target-group"), Port: 443,
		Certificate: "arn:certificate",
	}
	redirect := Listener{Meta: meta("listener/http"), LoadBalancer: ref("load-balancer"), Port: 80, RedirectTo: 443}
	waiting := redirect
	waiting.Redirected = ref("listener/https")
	orphan := Listener{
		Meta: meta("listener/http"), LoadBalancer: ref("load-balancer"), TargetGroup: ref("target-group/new"), Port: 80,
	}
	identity := graph.Identity{ID: "arn:listener", Tags: labels()}
	http := ListenerState{Identity: identity, Port: 80, Protocol: types.ProtocolEnumHttp, Action: "forward arn:targets"}

	for name, tc := range map[string]struct {
		wish Listener
		have ListenerState
		want []graph.Change
	}{
		"plain": {plain, http, nil},
		"with TLS": {secure, ListenerState{
			Identity: identity, Port: 443, Protocol: types.ProtocolEnumHttps, Certificate: "arn:certificate", Policy: tlsPolicy,
			Action: "forward arn:targets",
		}, nil},
		"an old certificate and policy": {secure, ListenerState{
			Identity: identity, Port: 443, Protocol: types.ProtocolEnumHttps, Certificate: "arn:old", Policy: "old",
			Action: "forward arn:targets",
		}, []graph.Change{
			{Field: "certificate", From: "arn:old", To: "arn:certificate"},
			{Field: "sslPolicy", From: "old", To: tlsPolicy},
		}},
		"TLS turned on": {redirect, http, []graph.Change{
			{Field: "defaultActions", From: "forward arn:targets", To: "redirect HTTPS:443 HTTP_301"},
		}},
		"TLS turned on, and another port": {waiting, ListenerState{
			Identity: identity, Port: 8080, Protocol: types.ProtocolEnumHttp, Action: "forward arn:targets",
		}, []graph.Change{
			{Field: "port", From: "8080", To: "80", After: "listener/https"},
			{Field: "defaultActions", From: "forward arn:targets", To: "redirect HTTPS:443 HTTP_301", After: "listener/https"},
		}},
		"another port": {plain, ListenerState{
			Identity: identity, Port: 8080, Protocol: types.ProtocolEnumHttp, Action: "forward arn:targets",
		}, []graph.Change{{Field: "port", From: "8080", To: "80"}}},
		"a target group that is not made yet": {orphan, http, []graph.Change{{
			Field: "defaultActions", From: "forward arn:targets", To: "forward target-group/new", After: "target-group/new",
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.wish.Diff(tc.have)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestListenerNeeds(t *testing.T) {
	ref := known(t)
	balancer := graph.Need{Key: "load-balancer", Made: true}
	for name, tc := range map[string]struct {
		wish Listener
		want []graph.Need
	}{
		"forwards": {
			Listener{LoadBalancer: ref("load-balancer"), TargetGroup: ref("target-group")},
			[]graph.Need{
				balancer, {Key: "target-group", Made: true}, {Key: "target-group", Made: true, Update: true},
			},
		},
		"redirects": {Listener{LoadBalancer: ref("load-balancer"), RedirectTo: 443}, []graph.Need{balancer}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.wish.Needs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDescribeAction(t *testing.T) {
	redirect := func(change func(*types.RedirectActionConfig)) []types.Action {
		config := &types.RedirectActionConfig{
			Protocol: aws.String("HTTPS"), Port: aws.String("443"), StatusCode: types.RedirectActionStatusCodeEnumHttp301,
			Host: aws.String("#{host}"), Path: aws.String("/#{path}"), Query: aws.String("#{query}"),
		}
		change(config)
		return []types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: config}}
	}
	forward := func(arns ...string) []types.Action {
		config := &types.ForwardActionConfig{}
		for _, arn := range arns {
			config.TargetGroups = append(config.TargetGroups, types.TargetGroupTuple{TargetGroupArn: aws.String(arn)})
		}
		return []types.Action{{Type: types.ActionTypeEnumForward, ForwardConfig: config}}
	}
	for want, actions := range map[string][]types.Action{
		"":                            nil,
		"fixed-response":              {{Type: types.ActionTypeEnumFixedResponse}},
		"forward arn:a":               forward("arn:a"),
		"forward arn:a arn:b":         forward("arn:a", "arn:b"),
		"redirect HTTPS:443 HTTP_301": redirect(func(*types.RedirectActionConfig) {}),
		"redirect HTTPS:443 example.com HTTP_301": redirect(func(c *types.RedirectActionConfig) {
			c.Host = aws.String("example.com")
		}),
		"authenticate-oidc, then forward arn:a": append(
			[]types.Action{{Type: types.ActionTypeEnumAuthenticateOidc}}, forward("arn:a")...,
		),
	} {
		if got := describeAction(actions); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
