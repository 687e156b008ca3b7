package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

var subnetBehaviours = []behaviour{
	{"overlapping subnet CIDR", "InvalidSubnet.Conflict", func(w *world) string {
		vpc := w.vpc()
		w.subnet(vpc, 0, "a")
		return try(w, w.ec2.CreateSubnet, &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: aws.String("10.0.0.128/25")})
	}},
	{"subnet outside its VPC", "InvalidSubnet.Range", func(w *world) string {
		return try(w, w.ec2.CreateSubnet, &ec2.CreateSubnetInput{VpcId: w.vpc(), CidrBlock: aws.String("10.1.0.0/24")})
	}},
	{"delete subnet holding a NAT gateway", dependency, func(w *world) string {
		p := w.public("a")
		w.nat(&p.subnets[0], w.address())
		return w.deleteSubnet(p.subnets[0])
	}},
	{"delete subnet holding an instance", dependency, func(w *world) string {
		subnet := w.subnet(w.vpc(), 0, "a")
		w.instance(subnet)
		return w.deleteSubnet(*subnet)
	}},
	{"delete subnet holding an ALB", dependency, func(w *world) string {
		p := w.public("a", "b")
		w.balancer("web", p.subnets...)
		return w.deleteSubnet(p.subnets[0])
	}},
	{"delete subnet right after its ALB", dependency, func(w *world) string {
		p := w.public("a", "b")
		do(w, w.elb.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: w.balancer("web", p.subnets...)})
		return w.deleteSubnet(p.subnets[0])
	}},
	{"delete subnet some time after its ALB", accepted, func(w *world) string {
		p := w.public("a", "b")
		do(w, w.elb.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: w.balancer("web", p.subnets...)})
		return w.until(unless(dependency), func() string { return w.deleteSubnet(p.subnets[0]) })
	}},
}

func (w *world) deleteSubnet(id string) string {
	return try(w, w.ec2.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &id})
}
