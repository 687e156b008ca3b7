package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

var balancerBehaviours = []behaviour{
	{"ALB in one subnet", "ValidationError", func(w *world) string {
		return try(w, w.elb.CreateLoadBalancer, balancerInput("web", w.public("a").subnets...))
	}},
	{"ALB, 2 subnets in one AZ", "InvalidConfigurationRequest", func(w *world) string {
		return try(w, w.elb.CreateLoadBalancer, balancerInput("web", w.public("a", "a").subnets...))
	}},
	{"ALB in VPC without IGW, internet-facing", "InvalidSubnet", func(w *world) string {
		vpc := w.vpc()
		return try(w, w.elb.CreateLoadBalancer, balancerInput("web", *w.subnet(vpc, 0, "a"), *w.subnet(vpc, 1, "b")))
	}},
	{"ALB name taken, same settings / other subnets", "same ARN / DuplicateLoadBalancerName", func(w *world) string {
		p := w.public("a", "b", "c")
		first := w.balancer("web", p.subnets[:2]...)
		same := "same ARN"
		if again := w.balancer("web", p.subnets[:2]...); *again != *first {
			same = "SECOND ALB"
		}
		return same + " / " + try(w, w.elb.CreateLoadBalancer, balancerInput("web", p.subnets[1:]...))
	}},
	{"2nd listener on one port", "DuplicateListener", func(w *world) string {
		p := w.public("a", "b")
		balancer := w.balancer("web", p.subnets...)
		do(w, w.elb.CreateListener, listenerInput(balancer, w.targets("one", p.vpc)))
		return try(w, w.elb.CreateListener, listenerInput(balancer, w.targets("two", p.vpc)))
	}},
	{"ALB state in create reply, next describe", "provisioning, provisioning", func(w *world) string {
		p := w.public("a", "b")
		made := do(w, w.elb.CreateLoadBalancer, balancerInput("web", p.subnets...)).LoadBalancers[0]
		return string(made.State.Code) + ", " + w.balancerState(made.LoadBalancerArn)
	}},
	{"ALB some time after its creation", "active", func(w *world) string {
		balancer := w.balancer("web", w.public("a", "b").subnets...)
		return w.until(unless("provisioning"), func() string { return w.balancerState(balancer) })
	}},
	{"delete ALB with deletion protection", "OperationNotPermitted", func(w *world) string {
		balancer := w.balancer("web", w.public("a", "b").subnets...)
		do(w, w.elb.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{
			LoadBalancerArn: balancer, Attributes: []types.LoadBalancerAttribute{{
				Key: aws.String("deletion_protection.enabled"), Value: aws.String("true"),
			}},
		})
		return try(w, w.elb.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: balancer})
	}},
	{"delete ALB twice", accepted, func(w *world) string {
		in := &elb.DeleteLoadBalancerInput{LoadBalancerArn: w.balancer("web", w.public("a", "b").subnets...)}
		do(w, w.elb.DeleteLoadBalancer, in)
		return try(w, w.elb.DeleteLoadBalancer, in)
	}},
	{"describe an ALB by a name that does not exist", "LoadBalancerNotFound", func(w *world) string {
		return try(w, w.elb.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{Names: []string{"none"}})
	}},
	{"interfaces of an ALB right after its deletion", "still there", func(w *world) string {
		p := w.public("a", "b")
		balancer := w.balancer("web", p.subnets...)
		w.until(once("active"), func() string { return w.balancerState(balancer) })
		do(w, w.elb.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: balancer})
		out := do(w, w.ec2.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{
			Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{*p.vpc}}},
		})
		if len(out.NetworkInterfaces) > 0 {
			return "still there"
		}
		return "gone"
	}},
}

func (w *world) balancerState(arn *string) string {
	out := do(w, w.elb.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{LoadBalancerArns: []string{*arn}})
	return string(out.LoadBalancers[0].State.Code)
}
