package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

var instanceBehaviours = []behaviour{
	{"RunInstances ClientToken replay", "same id", func(w *world) string {
		in := w.instanceInput(w.subnet(w.vpc(), 0, "a"))
		in.ClientToken = aws.String("token")
		first := do(w, w.ec2.RunInstances, in).Instances[0].InstanceId
		return sameID(first, do(w, w.ec2.RunInstances, in).Instances[0].InstanceId)
	}},
	{"instance state in RunInstances / Terminate reply", "pending / shutting-down", func(w *world) string {
		made := do(w, w.ec2.RunInstances, w.instanceInput(w.subnet(w.vpc(), 0, "a"))).Instances[0]
		ended := do(w, w.ec2.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*made.InstanceId}})
		return string(made.State.Name) + " / " + string(ended.TerminatingInstances[0].CurrentState.Name)
	}},
	{"instance some time after its end, described", "terminated", func(w *world) string {
		instance := w.instance(w.subnet(w.vpc(), 0, "a"))
		do(w, w.ec2.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*instance}})
		return w.until(once("terminated"), func() string { return w.instanceState(instance) })
	}},
	{"instance in the region of another's image", "InvalidAMIID.NotFound", func(w *world) string {
		other := w.elsewhere()
		in := other.instanceInput(other.subnet(other.vpc(), 0, "a"))
		in.ImageId = w.image()
		return try(other, other.ec2.RunInstances, in)
	}},
}

func (w *world) instanceState(instance *string) string {
	out := do(w, w.ec2.DescribeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{*instance}})
	return string(out.Reservations[0].Instances[0].State.Name)
}
