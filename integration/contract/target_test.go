package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

var targetBehaviours = []behaviour{
	{"TG name taken, same settings / other port", "same ARN / DuplicateTargetGroupName", func(w *world) string {
		in := targetsInput("web", w.vpc())
		first := do(w, w.elb.CreateTargetGroup, in).TargetGroups[0].TargetGroupArn
		again, err := w.elb.CreateTargetGroup(w.ctx, in)
		same := "same ARN"
		if err != nil {
			same = outcome(err)
		} else if *again.TargetGroups[0].TargetGroupArn != *first {
			same = "SECOND TG"
		}
		in.Port = aws.Int32(8080)
		return same + " / " + try(w, w.elb.CreateTargetGroup, in)
	}},
	{"delete TG used by a listener", "ResourceInUse", func(w *world) string {
		p := w.public("a", "b")
		targets := w.targets("web", p.vpc)
		do(w, w.elb.CreateListener, listenerInput(w.balancer("web", p.subnets...), targets))
		return w.deleteTargets(targets)
	}},
	{"TG free after its ALB was deleted", accepted, func(w *world) string {
		p := w.public("a", "b")
		targets, balancer := w.targets("web", p.vpc), w.balancer("web", p.subnets...)
		do(w, w.elb.CreateListener, listenerInput(balancer, targets))
		do(w, w.elb.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: balancer})
		return w.deleteTargets(targets)
	}},
	{"target health with no listener / with listener", "unused / initial", func(w *world) string {
		p := w.public("a", "b")
		targets, instance := w.targets("web", p.vpc), w.instance(&p.subnets[0])
		w.until(once("running"), func() string { return w.instanceState(instance) })
		do(w, w.elb.RegisterTargets, &elb.RegisterTargetsInput{
			TargetGroupArn: targets, Targets: []types.TargetDescription{{Id: instance}},
		})
		without := w.health(targets)
		do(w, w.elb.CreateListener, listenerInput(w.balancer("web", p.subnets...), targets))
		return without + " / " + w.until(unless("unused"), func() string { return w.health(targets) })
	}},
}

func (w *world) deleteTargets(arn *string) string {
	return try(w, w.elb.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: arn})
}

// health is the state of a target group's only target.
func (w *world) health(arn *string) string {
	out := do(w, w.elb.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: arn})
	return string(out.TargetHealthDescriptions[0].TargetHealth.State)
}
