package reliability

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/verdict"
)

const allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// The IDs of what is not the stack's own.
var (
	othersACL = regexp.MustCompile("networkAcl: acl-[0-9a-f]+")
	memberID  = regexp.MustCompile("instance i-[0-9a-f]+:")
)

// reportedDrifts are changes by hand that the program names and leaves as they are.
var reportedDrifts = map[string]drift{
	"inline policy": {by: func(h *hand) {
		do(h, h.iam().PutRolePolicy, &iam.PutRolePolicyInput{
			RoleName: aws.String(stackName), PolicyName: aws.String("admin"), PolicyDocument: aws.String(allowAll),
		})
	}, wants: []string{"iam-role; inline policy admin: embedded →"}},
	"policy attached": {by: func(h *hand) {
		do(h, h.iam().AttachRolePolicy, &iam.AttachRolePolicyInput{
			RoleName: aws.String(stackName), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess"),
		})
	}, wants: []string{"iam-role; policy arn:aws:iam::aws:policy/AdministratorAccess: attached →"}},
	"another boundary": {by: func(h *hand) {
		do(h, h.iam().PutRolePermissionsBoundary, &iam.PutRolePermissionsBoundaryInput{
			RoleName: aws.String(stackName), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/PowerUserAccess"),
		})
	}, wants: []string{"iam-role; boundary arn:aws:iam::aws:policy/PowerUserAccess: set →"}},
	"process suspended": {by: func(h *hand) {
		do(h, h.AutoScaling.SuspendProcesses, &autoscaling.SuspendProcessesInput{
			AutoScalingGroupName: aws.String(stackName), ScalingProcesses: []string{"ReplaceUnhealthy"},
		})
	}, wants: []string{"auto-scaling-group; process ReplaceUnhealthy: suspended → running"}},
	"group protected": {by: func(h *hand) {
		do(h, h.AutoScaling.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String(stackName), DeletionProtection: "prevent-force-deletion",
			NewInstancesProtectedFromScaleIn: aws.Bool(true),
		})
	}, wants: []string{
		"auto-scaling-group; deletionProtection: prevent-force-deletion → none",
		"auto-scaling-group; newInstancesProtectedFromScaleIn: true → false",
	}},
	"instance protected": {by: func(h *hand) {
		group := do(h, h.AutoScaling.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{}).AutoScalingGroups[0]
		do(h, h.AutoScaling.SetInstanceProtection, &autoscaling.SetInstanceProtectionInput{
			AutoScalingGroupName: aws.String(stackName), ProtectedFromScaleIn: aws.Bool(true),
			InstanceIds: []string{*group.Instances[0].InstanceId},
		})
		h.world.settings = settingsOf(h.T, "network: {azs: 2, nat: single}", "compute: {type: t3.small}")
		must(h.T, h.world.up(h.Context())) // which replaces the others
	}, wants: []string{"auto-scaling-group; instance ID version 1, protected from scaling in → version 2"}},
	"load balancer protected": {by: func(h *hand) {
		do(h, h.ELB.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{
			LoadBalancerArn: h.id("load-balancer"), Attributes: []elbtypes.LoadBalancerAttribute{
				{Key: aws.String("deletion_protection.enabled"), Value: aws.String("true")},
				{Key: aws.String("idle_timeout.timeout_seconds"), Value: aws.String("120")},
			},
		})
	}, wants: []string{
		"load-balancer; attribute deletion_protection.enabled: true → false",
		"load-balancer; attribute idle_timeout.timeout_seconds: 120 → 60",
	}},
	"targets stick": {by: func(h *hand) {
		do(h, h.ELB.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{
			TargetGroupArn: h.id("target-group"), Attributes: []elbtypes.TargetGroupAttribute{
				{Key: aws.String("stickiness.enabled"), Value: aws.String("true")},
			},
		})
	}, wants: []string{"target-group; attribute stickiness.enabled: true → false"}},
	"listener added": {by: func(h *hand) {
		do(h, h.ELB.CreateListener, &elb.CreateListenerInput{
			LoadBalancerArn: h.id("load-balancer"), Port: aws.Int32(8080), Protocol: elbtypes.ProtocolEnumHttp,
			DefaultActions: []elbtypes.Action{{
				Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: h.id("target-group"),
			}},
		})
	}, wants: []string{"load-balancer; listener HTTP :8080: forward target-group →"}},
	"network ACL denies": {by: func(h *hand) {
		do(h, h.EC2.CreateNetworkAclEntry, &ec2.CreateNetworkAclEntryInput{
			NetworkAclId: h.defaultACL(), RuleNumber: aws.Int32(90), Protocol: aws.String("-1"), Egress: aws.Bool(false),
			RuleAction: types.RuleActionDeny, CidrBlock: aws.String("198.51.100.0/24"),
		})
		do(h, h.EC2.DeleteNetworkAclEntry, &ec2.DeleteNetworkAclEntryInput{
			NetworkAclId: h.defaultACL(), RuleNumber: aws.Int32(100), Egress: aws.Bool(true),
		})
	}, wants: []string{
		"vpc; networkAcl rule 100 egress: → allow all 0.0.0.0/0",
		"vpc; networkAcl rule 90 ingress: deny all 198.51.100.0/24 →",
	}},
	"subnet under another network ACL": {by: func(h *hand) {
		acl := do(h, h.EC2.CreateNetworkAcl, &ec2.CreateNetworkAclInput{VpcId: h.id("vpc")}).NetworkAcl.NetworkAclId
		for _, egress := range []bool{true, false} {
			do(h, h.EC2.CreateNetworkAclEntry, &ec2.CreateNetworkAclEntryInput{
				NetworkAclId: acl, RuleNumber: aws.Int32(1), Protocol: aws.String("-1"), Egress: aws.Bool(egress),
				RuleAction: types.RuleActionAllow, CidrBlock: aws.String(everywhere),
			})
		}
		for _, a := range h.acls()[0].Associations {
			if *a.SubnetId == *h.id("subnet/private-b") {
				do(h, h.EC2.ReplaceNetworkAclAssociation, &ec2.ReplaceNetworkAclAssociationInput{
					AssociationId: a.NetworkAclAssociationId, NetworkAclId: acl,
				})
			}
		}
	}, wants: []string{"subnet/private-b; networkAcl: ACL → the VPC's default"}},
	"way out opened twice": {by: func(h *hand) {
		do(h, h.EC2.AuthorizeSecurityGroupEgress, &ec2.AuthorizeSecurityGroupEgressInput{
			GroupId: h.id("security-group/app"), IpPermissions: open(443),
		})
	}, wants: []string{"security-group/app; egress tcp 443 to 0.0.0.0/0: allowed →"}},
	"endpoint's policy": {by: func(h *hand) {
		do(h, h.EC2.ModifyVpcEndpoint, &ec2.ModifyVpcEndpointInput{
			VpcEndpointId: h.id("vpc-endpoint/s3"), PolicyDocument: aws.String(`{"Statement": []}`),
		})
	}, wants: []string{`vpc-endpoint/s3; policyDocument: {"Statement":[]} → full access`}},
}

// acls are the network ACLs of the stack's VPC, the default one first.
func (h *hand) acls() []types.NetworkAcl {
	all := do(h, h.EC2.DescribeNetworkAcls, &ec2.DescribeNetworkAclsInput{
		Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{*h.id("vpc")}}},
	}).NetworkAcls
	slices.SortFunc(all, func(a, b types.NetworkAcl) int {
		return strings.Compare(fmt.Sprint(!*a.IsDefault), fmt.Sprint(!*b.IsDefault))
	})
	return all
}

func (h *hand) defaultACL() *string { return h.acls()[0].NetworkAclId }

// What others added, protected or suspended is named by status, plan and up, is never changed by up, and keeps the verdict
// from being "as wanted". Every field that a kind declares as reported is met.
func TestDriftThatIsReported(t *testing.T) {
	var mu sync.Mutex
	met := map[string]bool{}
	t.Run("all", func(t *testing.T) {
		for name, d := range reportedDrifts {
			runCase(t, name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, sandbox.Options{})
					must(t, w.up(t.Context()))
					d.by(&hand{t, w.clients(), w})
					w.box.ForgetCalls()
					must(t, w.up(t.Context()))
					if wrote := writes(w.box); len(wrote) > 0 {
						t.Errorf("up calls %v", wrote)
					}
					fields := w.mustReport(t, d.wants)
					mu.Lock()
					defer mu.Unlock()
					maps.Copy(met, fields)
				})
			})
		}
	})
	for _, r := range kinds.All() {
		for _, field := range r.Drift.Reported {
			if declared := r.Name() + " " + field; !met[declared] && field != "propagated route " { // the sandbox propagates none
				t.Errorf("no case has %q", declared)
			}
		}
	}
}

// mustReport returns what was reported, by kind and declared field.
func (w *world) mustReport(t *testing.T, wants []string) map[string]bool {
	t.Helper()
	fields := map[string]bool{}
	must(t, w.run(t.Context(), func(ctx context.Context, s *session) error {
		status := s.Status(ctx)
		var lines []string
		worst := verdict.AsWanted
		for _, part := range status.Parts() {
			worst = verdict.Worst(worst, part.Verdict())
			lines = append(lines, reportedOf(t, part, fields)...)
		}
		if worst == verdict.AsWanted {
			t.Errorf("status calls the stack %q", worst)
		}
		slices.Sort(wants)
		got := w.named(t, lines)
		for i := range got { // what others created is in no state
			got[i] = othersACL.ReplaceAllString(memberID.ReplaceAllString(got[i], "instance ID"), "networkAcl: ACL")
		}
		slices.Sort(got)
		if diff := cmp.Diff(wants, got); diff != "" {
			t.Errorf("what status reports (-want +got):\n%s", diff)
		}
		return nil
	}))
	return fields
}

func reportedOf(t *testing.T, part *stack.StatusPart, fields map[string]bool) []string {
	t.Helper()
	var lines []string
	for _, step := range part.Plan.Steps {
		for _, c := range step.Reported {
			lines = append(lines, strings.Join(strings.Fields(
				fmt.Sprintf("%s; %s: %s → %s", step.Key, c.Field, c.From, c.To)), " "))
			declared := kind.Declared(kinds.Named(step.Key.Kind()).Drift.Reported, c.Field)
			if declared == "" {
				t.Errorf("kind %s does not declare that it reports %q", step.Key.Kind(), c.Field)
				continue
			}
			fields[step.Key.Kind()+" "+declared] = true
		}
		for _, c := range step.Changes {
			if !kinds.Named(step.Key.Kind()).Drift.Knows(c.Field) {
				t.Errorf("kind %s does not declare what happens to %q", step.Key.Kind(), c.Field)
			}
		}
	}
	return lines
}
