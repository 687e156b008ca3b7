package reliability

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asgtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/access"
)

const stackName = "provision-web" // of what is known by a name

var computeDrifts = map[string]drift{
	"Auto Scaling group's size": {by: func(h *hand) {
		do(h, h.AutoScaling.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String(stackName), MinSize: aws.Int32(1), MaxSize: aws.Int32(3),
		})
	}, wants: []string{"update auto-scaling-group; group minSize: 1 → 2; group maxSize: 3 → 4"}},
	"another version of the launch template": {by: func(h *hand) {
		do(h, h.EC2.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: h.id("launch-template"), SourceVersion: aws.String("1"),
			LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Large},
		})
		do(h, h.AutoScaling.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String(stackName), LaunchTemplate: &asgtypes.LaunchTemplateSpecification{
				LaunchTemplateId: h.id("launch-template"), Version: aws.String("2"),
			},
		})
	}, wants: []string{
		"update auto-scaling-group; group launchTemplate: launch-template version 2 → launch-template version 1",
	}},
	"launch template deleted": {by: func(h *hand) {
		do(h, h.EC2.DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateId: h.id("launch-template")})
	}, wants: []string{
		"create launch-template",
		"update auto-scaling-group; group launchTemplate: launch-template version 1 → launch-template next version",
	}},
	"Auto Scaling group deleted": {
		by: func(h *hand) {
			do(h, h.AutoScaling.DeleteAutoScalingGroup, &autoscaling.DeleteAutoScalingGroupInput{
				AutoScalingGroupName: aws.String(stackName), ForceDelete: aws.Bool(true),
			})
		},
		later: 20 * time.Minute,
		wants: []string{"create auto-scaling-group"},
	},
	"instance profile emptied": {by: func(h *hand) {
		do(h, h.iam().RemoveRoleFromInstanceProfile, &iam.RemoveRoleFromInstanceProfileInput{
			InstanceProfileName: aws.String(stackName), RoleName: aws.String(stackName),
		})
	}, wants: []string{"global update instance-profile; role:  → iam-role"}},
	"role's policy deleted": {by: func(h *hand) {
		do(h, h.iam().DeleteRolePolicy, &iam.DeleteRolePolicyInput{
			RoleName: aws.String(stackName), PolicyName: aws.String("session-manager"),
		})
	}, wants: []string{
		"global update iam-role; sessionManagerPolicy:  → " + access.SessionPolicy(),
	}},
	"role's boundary removed": {by: func(h *hand) {
		do(h, h.iam().DeleteRolePermissionsBoundary, &iam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String(stackName)})
	}, wants: []string{
		"global update iam-role; permissionsBoundary:  → arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy",
	}},
	"role of an earlier version": {by: func(h *hand) {
		do(h, h.iam().AttachRolePolicy, &iam.AttachRolePolicyInput{
			RoleName: aws.String(stackName), PolicyArn: aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
		})
	}, wants: []string{
		"global update iam-role; managedPolicy: arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore → ",
	}},
}

func (h *hand) iam() *iam.Client {
	c, err := h.world.cloud(h.Context())
	must(h.T, err)
	return c.IAM(region)
}
