package network

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/sandbox"
)

// Doors that others opened are closed one by one: that one of them is closed already keeps none of the others open.
func TestQuirksRevokeIsAllOrNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.network)
		group := aws.String(s.id("security-group/alb"))
		ssh := RuleState{Protocol: "tcp", From: 22, To: 22, Source: "0.0.0.0/0"}
		db := RuleState{Protocol: "tcp", From: 5432, To: 5432, Source: "::/0"}
		_, err := s.EC2.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: group, IpPermissions: permissions([]RuleState{ssh, db}),
		})
		s.must(err)
		plan := s.Plan(s.network)
		_, err = s.EC2.RevokeSecurityGroupIngress(t.Context(), &ec2.RevokeSecurityGroupIngressInput{
			GroupId: group, IpPermissions: permissions([]RuleState{db}),
		})
		s.must(err)
		s.must(s.Engine.Apply(t.Context(), plan))
		if open := s.ingress(*group); len(open) != 1 || open[0].From != 80 {
			t.Errorf("open after up: %v", open)
		}
	})
}

// reopening opens a door again while others are being closed.
type reopening struct {
	SecurityGroupAPI
	reopen func()
}

func (r reopening) RevokeSecurityGroupIngress(
	ctx context.Context, in *ec2.RevokeSecurityGroupIngressInput, o ...func(*ec2.Options),
) (*ec2.RevokeSecurityGroupIngressOutput, error) {
	out, err := r.SecurityGroupAPI.RevokeSecurityGroupIngress(ctx, in, o...)
	r.reopen()
	return out, err
}

// A port that is opened again meanwhile is seen by the look afterwards.
func TestRevokeLooksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.network)
		id := s.id("security-group/alb")
		ssh := RuleState{Protocol: "tcp", From: 22, To: 22, Source: "0.0.0.0/0"}
		open := func() {
			_, err := s.EC2.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
				GroupId: aws.String(id), IpPermissions: permissions([]RuleState{ssh}),
			})
			s.must(err)
		}
		open()
		left, err := SecurityGroups{API: reopening{s.EC2, open}}.revoke(t.Context(), id, []RuleState{ssh})
		if err != nil || len(left) != 1 {
			t.Errorf("left open: %v, %v", left, err)
		}
	})
}

func (s *stage) ingress(id string) []RuleState {
	out, err := s.EC2.DescribeSecurityGroups(s.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}})
	s.must(err)
	return observeRules(out.SecurityGroups[0].IpPermissions)
}
