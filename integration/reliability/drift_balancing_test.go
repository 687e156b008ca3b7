package reliability

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

var balancingDrifts = map[string]drift{
	"listener answers by itself": {by: func(h *hand) {
		do(h, h.ELB.ModifyListener, &elb.ModifyListenerInput{
			ListenerArn: h.id("listener/http"), DefaultActions: []types.Action{{
				Type: types.ActionTypeEnumFixedResponse,
				FixedResponseConfig: &types.FixedResponseActionConfig{
					StatusCode: aws.String("503"), ContentType: aws.String("text/plain"),
				},
			}},
		})
	}, wants: []string{"update listener/http; defaultActions: fixed-response → forward target-group"}},
	"listener deleted": {by: func(h *hand) {
		do(h, h.ELB.DeleteListener, &elb.DeleteListenerInput{ListenerArn: h.id("listener/http")})
	}, wants: []string{"create listener/http"}},
	"health check changed": {by: func(h *hand) {
		do(h, h.ELB.ModifyTargetGroup, &elb.ModifyTargetGroupInput{
			TargetGroupArn: h.id("target-group"), HealthCheckPath: aws.String("/other"), HealthyThresholdCount: aws.Int32(9),
		})
	}, wants: []string{
		"update target-group; health check path: /other → /; health check healthy threshold: 9 → 2",
	}},
	"load balancer in another security group": {by: func(h *hand) {
		do(h, h.ELB.SetSecurityGroups, &elb.SetSecurityGroupsInput{
			LoadBalancerArn: h.id("load-balancer"), SecurityGroups: []string{*h.id("security-group/endpoint")},
		})
	}, wants: []string{"update load-balancer; securityGroups: security-group/endpoint → security-group/alb"}},
	"load balancer's tag changed": {by: func(h *hand) {
		do(h, h.ELB.AddTags, &elb.AddTagsInput{
			ResourceArns: []string{*h.id("load-balancer")},
			Tags:         []types.Tag{{Key: aws.String("Name"), Value: aws.String("mine")}},
		})
	}, wants: []string{"update load-balancer; tag Name: mine → web-load-balancer"}},
	"load balancer deleted": {by: deleteLoadBalancer, later: 10 * time.Minute, wants: []string{
		"create listener/http",
		"create load-balancer",
	}},
	"internet gateway detached": {by: func(h *hand) { // which AWS allows when nothing has a public address any more
		deleteNAT(h)
		deleteLoadBalancer(h)
		h.world.wait(h.T, 10*time.Minute)
		do(h, h.EC2.DetachInternetGateway, &ec2.DetachInternetGatewayInput{
			InternetGatewayId: h.id("internet-gateway"), VpcId: h.id("vpc"),
		})
	}, wants: []string{
		"create listener/http",
		"create load-balancer",
		"create nat-gateway/a",
		"update internet-gateway; attachment:  → vpc",
		"update route-table/private-a; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
		"update route-table/private-b; route 0.0.0.0/0: nat-gateway/a (blackhole) → nat-gateway/a",
		"update route-table/public; route 0.0.0.0/0: internet-gateway (blackhole) → internet-gateway",
	}},
}

func deleteLoadBalancer(h *hand) {
	do(h, h.ELB.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: h.id("load-balancer")})
}
