package sandbox_test

import (
	"errors"
	"maps"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/sandbox"
)

func TestWebSiteComesUp(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		s.nats()
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		url := "http://" + *balancer.DNSName + "/"
		if _, _, err := s.get(url); !isNoHost(err) {
			s.Errorf("while it is provisioning: %v", err)
		}
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), targets))
		if n := len(s.groupNow("web").Instances); n != 0 {
			s.Errorf("%d instances at once", n)
		}

		time.Sleep(8 * time.Second)
		for _, i := range s.groupNow("web").Instances {
			if i.LifecycleState != "Pending" {
				s.Errorf("instance is %s after eight seconds", i.LifecycleState)
			}
		}
		zones := map[string]bool{}
		time.Sleep(45 * time.Second)
		for _, i := range s.groupNow("web").Instances {
			zones[*i.AvailabilityZone] = i.LifecycleState == "InService"
		}
		if len(zones) != 2 || slices.Contains(slices.Collect(maps.Values(zones)), false) {
			s.Errorf("in service by zone: %v", zones)
		}

		time.Sleep(2 * time.Minute)
		if status, _, err := s.get(url); err != nil || status != 503 && status != 200 {
			s.Errorf("once it is active: %d %v", status, err)
		}
		time.Sleep(time.Minute)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumHealthy] != 2 {
			s.Errorf("targets: %v", got)
		}
		if status, body, err := s.get(url); err != nil || status != 200 || !strings.Contains(body, "Welcome to nginx!") {
			s.Errorf("GET / = %d %q %v", status, body, err)
		}
		if status, _, err := s.get(url + "none"); err != nil || status != 404 {
			s.Errorf("GET /none = %d %v", status, err)
		}
		if _, _, err := s.get("http://" + *balancer.DNSName + ":81/"); err == nil {
			s.Error("port 81 answers")
		}
	})
}

func isNoHost(err error) bool {
	lookup, ok := errors.AsType[*net.DNSError](err)
	return ok && lookup.IsNotFound
}

func TestWebWithoutWayOutIsNeverHealthy(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		in := s.groupInput("web", s.launchTemplate("web"), targets)
		in.HealthCheckGracePeriod = aws.Int32(3600)
		do(s.T, s.asg.CreateAutoScalingGroup, in)
		time.Sleep(2 * time.Minute)
		s.nats() // too late: user data runs once
		time.Sleep(10 * time.Minute)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumUnhealthy] != 2 {
			s.Errorf("targets: %v", got)
		}
		if status, _, err := s.get("http://" + *balancer.DNSName); err != nil || status != 503 {
			s.Errorf("GET / = %d %v", status, err)
		}
		time.Sleep(time.Hour)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumHealthy] != 2 {
			s.Errorf("targets after their replacement: %v", got)
		}
	})
}

func TestWebOverS3Endpoint(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		table := s.table(s.vpcID)
		for _, id := range s.private {
			s.route(table, id)
		}
		s.endpoint(ec2.CreateVpcEndpointInput{
			VpcId: &s.vpcID, ServiceName: aws.String("com.amazonaws.eu-west-1.s3"), RouteTableIds: []string{table},
		})
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), targets))
		time.Sleep(5 * time.Minute)
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumHealthy] != 2 {
			s.Errorf("targets: %v", got)
		}
	})
}

func TestWebBehindClosedGroups(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		s.nats()
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), targets))
		time.Sleep(5 * time.Minute)

		s.shut(s.appGroup, types.IpPermission{UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &s.albGroup}}})
		if got := s.health(targets); got[elbtypes.TargetHealthStateEnumUnhealthy] != 2 {
			s.Errorf("targets that nobody is let in to: %v", got)
		}
		s.shut(s.albGroup, types.IpPermission{IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}})
		if _, _, err := s.get("http://" + *balancer.DNSName); err == nil {
			s.Error("a load balancer answers that nobody is let in to")
		}
	})
}

func (s site) shut(group string, peers types.IpPermission) {
	s.Helper()
	peers.IpProtocol, peers.FromPort, peers.ToPort = aws.String("tcp"), aws.Int32(80), aws.Int32(80)
	do(s.T, s.RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{
		GroupId: &group, IpPermissions: []types.IpPermission{peers},
	})
}

func TestWebRedirectsAndEnds(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		balancer := s.loadBalancer("web")
		url := "http://" + *balancer.DNSName + "/a?b=c"
		time.Sleep(4 * time.Minute)
		if _, _, err := s.get(url); !errors.Is(err, syscall.ECONNREFUSED) {
			s.Errorf("without a listener: %v", err)
		}
		do(s.T, s.elb.CreateListener, &elbv2.CreateListenerInput{
			LoadBalancerArn: balancer.LoadBalancerArn, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp,
			DefaultActions: []elbtypes.Action{{
				Type: elbtypes.ActionTypeEnumRedirect, RedirectConfig: &elbtypes.RedirectActionConfig{
					Protocol: aws.String("HTTPS"), Port: aws.String("443"), StatusCode: elbtypes.RedirectActionStatusCodeEnumHttp301,
				},
			}},
		})
		status, location, err := s.get(url)
		want := "https://" + *balancer.DNSName + ":443/a?b=c"
		if err != nil || status != 301 || !strings.HasSuffix(location, want) {
			s.Errorf("redirect: %d %q %v, want %s", status, location, err, want)
		}
		do(s.T, s.elb.DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: balancer.LoadBalancerArn})
		if _, _, err := s.get(url); !isNoHost(err) {
			s.Errorf("after its end: %v", err)
		}
	})
}
