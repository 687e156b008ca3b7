package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/sandbox"
)

func tcp(from, to int32, ranges ...string) types.IpPermission {
	p := types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: &from, ToPort: &to}
	for _, cidr := range ranges {
		p.IpRanges = append(p.IpRanges, types.IpRange{CidrIp: &cidr})
	}
	return p
}

func TestAuthorizeSecurityGroup(t *testing.T) {
	for _, test := range []struct {
		name, code string
		before     []types.IpPermission
		add        types.IpPermission
	}{
		{name: "a rule", add: tcp(80, 80, "0.0.0.0/0")},
		{name: "two ranges at once", add: tcp(80, 80, "10.0.0.0/8", "192.168.0.0/16")},
		{
			name: "the same again", code: "InvalidPermission.Duplicate",
			before: []types.IpPermission{tcp(80, 80, "0.0.0.0/0")}, add: tcp(80, 80, "0.0.0.0/0"),
		},
		{
			name: "the same with another description", code: "InvalidPermission.Duplicate",
			before: []types.IpPermission{tcp(80, 80, "0.0.0.0/0")},
			add: types.IpPermission{
				IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
				IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0"), Description: aws.String("web")}},
			},
		},
		{name: "other ports", before: []types.IpPermission{tcp(80, 80, "0.0.0.0/0")}, add: tcp(80, 81, "0.0.0.0/0")},
		{name: "twice in one call", code: "InvalidParameterValue", add: tcp(80, 80, "0.0.0.0/0", "0.0.0.0/0")},
		{name: "no peer", code: "MissingParameter", add: tcp(80, 80)},
		{name: "ports the wrong way round", code: "InvalidParameterValue", add: tcp(81, 80, "0.0.0.0/0")},
		{name: "no such port", code: "InvalidParameterValue", add: tcp(80, 70000, "0.0.0.0/0")},
		{name: "bits of the host, cut", before: []types.IpPermission{tcp(80, 80, "10.0.0.0/8")}, code: "InvalidPermission.Duplicate", add: tcp(80, 80, "10.0.0.1/8")},
		{name: "no block", code: "InvalidParameterValue", add: tcp(80, 80, "anywhere")},
		{name: "no protocol", code: "InvalidPermission.Malformed", add: types.IpPermission{
			IpProtocol: aws.String("carrier-pigeon"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
		}},
		{name: "unknown group", code: "InvalidGroup.NotFound", add: types.IpPermission{
			IpProtocol: aws.String("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: aws.String("sg-1")}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, sandbox.Options{}, func(w world) {
				group := w.group(w.vpc("10.0.0.0/16"), "app")
				if test.before != nil {
					_, err := w.AuthorizeSecurityGroupIngress(w.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
						GroupId: &group, IpPermissions: test.before,
					})
					w.check(err)
				}
				_, err := w.AuthorizeSecurityGroupIngress(w.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
					GroupId: &group, IpPermissions: []types.IpPermission{test.add},
				})
				w.refused(err, test.code)
			})
		})
	}
}

// An authorized rule is described as it was asked for, and can be revoked in either of the two ways.
func TestSecurityGroupRules(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		alb, app := w.group(vpc, "alb"), w.group(vpc, "app")
		fromALB := types.IpPermission{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &alb, UserId: aws.String(sandbox.DefaultAccount)}},
		}
		added, err := w.AuthorizeSecurityGroupIngress(w.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: &app, IpPermissions: []types.IpPermission{fromALB, tcp(443, 443, "10.0.0.0/16")},
		})
		w.check(err)
		if len(added.SecurityGroupRules) != 2 {
			t.Fatalf("added %d rules", len(added.SecurityGroupRules))
		}
		want := []types.IpPermission{fromALB, tcp(443, 443, "10.0.0.0/16")}
		unexported := cmpopts.IgnoreUnexported(types.IpPermission{}, types.IpRange{}, types.UserIdGroupPair{})
		if diff := cmp.Diff(want, w.groupNow(app).IpPermissions, unexported, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("described (-asked for +answered):\n%s", diff)
		}
		_, err = w.RevokeSecurityGroupIngress(w.Context(), &ec2.RevokeSecurityGroupIngressInput{
			GroupId: &app, SecurityGroupRuleIds: []string{*added.SecurityGroupRules[0].SecurityGroupRuleId},
		})
		w.check(err)
		revoke := &ec2.RevokeSecurityGroupIngressInput{GroupId: &app, IpPermissions: want[1:]}
		_, err = w.RevokeSecurityGroupIngress(w.Context(), revoke)
		w.check(err)
		_, err = w.RevokeSecurityGroupIngress(w.Context(), revoke)
		w.refused(err, "InvalidPermission.NotFound")

		egress := w.groupNow(app).IpPermissionsEgress
		if len(egress) != 1 || *egress[0].IpRanges[0].CidrIp != "0.0.0.0/0" {
			t.Errorf("a new group's way out: %v", egress)
		}
		_, err = w.RevokeSecurityGroupEgress(w.Context(), &ec2.RevokeSecurityGroupEgressInput{GroupId: &app, IpPermissions: egress})
		w.check(err)
		if now := w.groupNow(app); len(now.IpPermissions)+len(now.IpPermissionsEgress) != 0 {
			t.Errorf("left: %v %v", now.IpPermissions, now.IpPermissionsEgress)
		}
	})
}

func (w world) groupNow(id string) types.SecurityGroup {
	w.Helper()
	out, err := w.DescribeSecurityGroups(w.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}})
	w.check(err)
	return out.SecurityGroups[0]
}
