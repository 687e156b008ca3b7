package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/sandbox"
)

func TestListenerPortsAndActions(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		balancer, first, second := *s.loadBalancer("web").LoadBalancerArn, s.targetGroup("first"), s.targetGroup("second")
		made := do(s.T, s.elb.CreateListener, listenerInput(balancer, first)).Listeners[0]
		again := do(s.T, s.elb.CreateListener, listenerInput(balancer, first)).Listeners[0]
		if *made.ListenerArn != *again.ListenerArn {
			s.Error("the same again made a second one")
		}
		if to := made.DefaultActions[0].ForwardConfig; to == nil || *to.TargetGroups[0].TargetGroupArn != first {
			s.Errorf("the other form of the action: %+v", to)
		}
		refused(s.T, "DuplicateListener", s.elb.CreateListener, listenerInput(balancer, second))
		refused(s.T, "TargetGroupNotFound", s.elb.CreateListener, listenerInput(balancer, first+"0"))
		refused(s.T, "LoadBalancerNotFound", s.elb.CreateListener, listenerInput(balancer+"0", first))
		other := *s.loadBalancer("other").LoadBalancerArn
		refused(s.T, "TargetGroupAssociationLimit", s.elb.CreateListener, listenerInput(other, first))

		secure := listenerInput(balancer, first)
		secure.Port, secure.Protocol = aws.Int32(443), elbtypes.ProtocolEnumHttps
		refused(s.T, "ValidationError", s.elb.CreateListener, secure)
		secure.Certificates = []elbtypes.Certificate{{
			CertificateArn: aws.String("arn:aws:acm:eu-west-1:123456789012:certificate/1"),
		}}
		if policy := do(s.T, s.elb.CreateListener, secure).Listeners[0].SslPolicy; aws.ToString(policy) == "" {
			s.Error("a listener with TLS has no policy")
		}
	})
}

func TestListenerChanges(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		balancer, first, second := *s.loadBalancer("web").LoadBalancerArn, s.targetGroup("first"), s.targetGroup("second")
		arn := do(s.T, s.elb.CreateListener, listenerInput(balancer, first)).Listeners[0].ListenerArn
		do(s.T, s.elb.ModifyListener, &elbv2.ModifyListenerInput{
			ListenerArn: arn, DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &second}},
		})
		do(s.T, s.elb.DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &first})
		refused(s.T, "ResourceInUse", s.elb.DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &second})
		found := do(s.T, s.elb.DescribeListeners, &elbv2.DescribeListenersInput{LoadBalancerArn: &balancer})
		if len(found.Listeners) != 1 || *found.Listeners[0].DefaultActions[0].TargetGroupArn != second {
			s.Errorf("listeners: %+v", found.Listeners)
		}
		rules := do(s.T, s.elb.DescribeRules, &elbv2.DescribeRulesInput{ListenerArn: arn}).Rules
		if len(rules) != 1 || !*rules[0].IsDefault {
			s.Errorf("rules: %+v", rules)
		}
		do(s.T, s.elb.DeleteListener, &elbv2.DeleteListenerInput{ListenerArn: arn})
		refused(s.T, "ListenerNotFound", s.elb.DescribeListeners,
			&elbv2.DescribeListenersInput{ListenerArns: []string{*arn}})
		do(s.T, s.elb.DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &second})
	})
}
