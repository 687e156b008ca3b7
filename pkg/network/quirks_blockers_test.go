package network

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// foreign is something of another owner's in the stack's VPC.
type foreign struct {
	make   func(s *stage) (id string)
	remove func(s *stage, id string)
	want   string // in the error; ID stands for what make returned
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// service is an interface of a service that EC2 can't be asked about.
func service(i sandbox.ServiceInterface, want string) foreign {
	return foreign{
		func(s *stage) string {
			i.Subnet, i.Groups = s.id("subnet/private-a"), []string{s.id("security-group/app")}
			id, err := s.Sandbox.AddServiceInterface(sandbox.DefaultAccount, sandboxtest.Region, i)
			s.must(err)
			return id
		},
		func(s *stage, id string) {
			s.Sandbox.RemoveServiceInterface(sandbox.DefaultAccount, sandboxtest.Region, id)
		},
		want,
	}
}

func (s *stage) vpcOfOthers() string {
	out, err := s.EC2.CreateVpc(s.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")})
	s.must(err)
	return *out.Vpc.VpcId
}

func foreigners() map[string]foreign {
	return map[string]foreign{
		"function": service(
			sandbox.ServiceInterface{Description: "AWS Lambda VPC ENI-checkout", Type: "lambda", Requester: "amazon-lambda"},
			"held by function checkout (AWS Lambda,",
		),
		"database": service(
			sandbox.ServiceInterface{Description: "RDSNetworkInterface", Requester: "amazon-rds"},
			"held by network interface ID (Amazon RDS, RDSNetworkInterface",
		),
		"another's load balancer": {
			func(s *stage) string {
				out, err := s.ELB.CreateLoadBalancer(s.Context(), &elb.CreateLoadBalancerInput{
					Name: aws.String("theirs"), Scheme: "internal", Subnets: []string{s.id("subnet/private-a"), s.id("subnet/private-b")},
				})
				s.must(err)
				return *out.LoadBalancers[0].LoadBalancerArn
			},
			func(s *stage, id string) {
				_, err := s.ELB.DeleteLoadBalancer(s.Context(), &elb.DeleteLoadBalancerInput{LoadBalancerArn: aws.String(id)})
				s.must(err)
			},
			"held by load balancer app/theirs/",
		},
		"GuardDuty's endpoint": {
			guardDutyEndpoint,
			func(s *stage, id string) {
				_, err := s.EC2.DeleteVpcEndpoints(s.Context(), &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{id}})
				s.must(err)
				time.Sleep(2 * time.Minute)
				s.must(RemoveGuardDutyGroups(s.Context(), s.EC2, s.id("vpc")))
			},
			"held by VPC endpoint ID (Amazon GuardDuty",
		},
		"VPN gateway": {
			func(s *stage) string {
				out, err := s.EC2.CreateVpnGateway(s.Context(), &ec2.CreateVpnGatewayInput{Type: types.GatewayTypeIpsec1})
				s.must(err)
				id := out.VpnGateway.VpnGatewayId
				_, err = s.EC2.AttachVpnGateway(s.Context(), &ec2.AttachVpnGatewayInput{VpnGatewayId: id, VpcId: aws.String(s.id("vpc"))})
				s.must(err)
				return *id
			},
			func(s *stage, id string) {
				_, err := s.EC2.DetachVpnGateway(s.Context(), &ec2.DetachVpnGatewayInput{
					VpnGatewayId: aws.String(id), VpcId: aws.String(s.id("vpc")),
				})
				s.must(err)
			},
			"delete vpc: held by VPN gateway ID",
		},
		"egress-only gateway": {
			func(s *stage) string {
				out, err := s.EC2.CreateEgressOnlyInternetGateway(s.Context(), &ec2.CreateEgressOnlyInternetGatewayInput{
					VpcId: aws.String(s.id("vpc")),
				})
				s.must(err)
				return *out.EgressOnlyInternetGateway.EgressOnlyInternetGatewayId
			},
			func(s *stage, id string) {
				_, err := s.EC2.DeleteEgressOnlyInternetGateway(s.Context(), &ec2.DeleteEgressOnlyInternetGatewayInput{
					EgressOnlyInternetGatewayId: aws.String(id),
				})
				s.must(err)
			},
			"delete vpc: held by egress-only internet gateway ID",
		},
		"carrier gateway": {
			func(s *stage) string {
				out, err := s.EC2.CreateCarrierGateway(s.Context(), &ec2.CreateCarrierGatewayInput{VpcId: aws.String(s.id("vpc"))})
				s.must(err)
				return *out.CarrierGateway.CarrierGatewayId
			},
			func(s *stage, id string) {
				_, err := s.EC2.DeleteCarrierGateway(s.Context(), &ec2.DeleteCarrierGatewayInput{CarrierGatewayId: aws.String(id)})
				s.must(err)
			},
			"delete vpc: held by carrier gateway ID",
		},
		"peering": {
			func(s *stage) string {
				out, err := s.EC2.CreateVpcPeeringConnection(s.Context(), &ec2.CreateVpcPeeringConnectionInput{
					VpcId: aws.String(s.vpcOfOthers()), PeerVpcId: aws.String(s.id("vpc")),
				})
				s.must(err)
				return *out.VpcPeeringConnection.VpcPeeringConnectionId
			},
			func(s *stage, id string) {
				_, err := s.EC2.DeleteVpcPeeringConnection(s.Context(), &ec2.DeleteVpcPeeringConnectionInput{
					VpcPeeringConnectionId: aws.String(id),
				})
				s.must(err)
			},
			"delete vpc: held by peering connection ID",
		},
		"network ACL": {
			func(s *stage) string {
				out, err := s.EC2.CreateNetworkAcl(s.Context(), &ec2.CreateNetworkAclInput{VpcId: aws.String(s.id("vpc"))})
				s.must(err)
				return *out.NetworkAcl.NetworkAclId
			},
			func(s *stage, id string) {
				_, err := s.EC2.DeleteNetworkAcl(s.Context(), &ec2.DeleteNetworkAclInput{NetworkAclId: aws.String(id)})
				s.must(err)
			},
			"delete vpc: held by network ACL ID",
		},
		"group of another VPC": {
			func(s *stage) string {
				out, err := s.EC2.CreateSecurityGroup(s.Context(), &ec2.CreateSecurityGroupInput{
					VpcId: aws.String(s.vpcOfOthers()), GroupName: aws.String("shared"), Description: aws.String("shared"),
				})
				s.must(err)
				_, err = s.EC2.AssociateSecurityGroupVpc(s.Context(), &ec2.AssociateSecurityGroupVpcInput{
					GroupId: out.GroupId, VpcId: aws.String(s.id("vpc")),
				})
				s.must(err)
				return *out.GroupId
			},
			func(s *stage, id string) {
				_, err := s.EC2.DisassociateSecurityGroupVpc(s.Context(), &ec2.DisassociateSecurityGroupVpcInput{
					GroupId: aws.String(id), VpcId: aws.String(s.id("vpc")),
				})
				s.must(err)
			},
			"delete vpc: held by security group of another VPC ID",
		},
	}
}

// guardDutyEndpoint is what GuardDuty puts into a VPC in which it sees instances.
func guardDutyEndpoint(s *stage) string {
	vpc := aws.String(s.id("vpc"))
	group, err := s.EC2.CreateSecurityGroup(s.Context(), &ec2.CreateSecurityGroupInput{
		VpcId: vpc, GroupName: aws.String(guardDutyGroup + *vpc), Description: aws.String("GuardDuty"),
	})
	s.must(err)
	out, err := s.EC2.CreateVpcEndpoint(s.Context(), &ec2.CreateVpcEndpointInput{
		VpcId: vpc, VpcEndpointType: types.VpcEndpointTypeInterface, ServiceName: aws.String(ServiceName(sandboxtest.Region, "guardduty-data")),
		SubnetIds: []string{s.id("subnet/private-a")}, SecurityGroupIds: []string{*group.GroupId},
	})
	s.must(err)
	return *out.VpcEndpoint.VpcEndpointId
}

// Every resource of another owner in the VPC is named as soon as it is in the way, however AWS manages it; once it is gone, down
// finishes. Resources of the stack's own that AWS takes minutes to remove are waited for all the while.
func TestQuirksBlockers(t *testing.T) {
	for name, tc := range foreigners() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Up(s.more)
				id := tc.make(s)
				started := time.Now()
				err := s.remove()
				if want := strings.ReplaceAll(tc.want, "ID", id); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("down: %v\nwant: … %s …", err, want)
				}
				if took := time.Since(started); took > 5*time.Minute {
					t.Errorf("down took %s to name what is in the way", took)
				}
				tc.remove(s, id)
				s.must(s.remove())
			})
		})
	}
}

// A load balancer that was deleted a moment ago keeps its interfaces for minutes: they pass, whoever's it was.
func TestQuirksBlockerThatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.more)
		theirs := foreigners()["another's load balancer"]
		theirs.remove(s, theirs.make(s))
		s.must(s.remove())
	})
}

// A resource that no list names does not get known by waiting: after two minutes down says so.
func TestQuirksUnknownBlocker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.more)
		s.Sandbox.HoldVPC(sandbox.DefaultAccount, sandboxtest.Region, s.id("vpc"), true)
		s.Sandbox.ForgetCalls()
		err := s.remove()
		if err == nil || !strings.Contains(err.Error(), "held by something that no list names") {
			t.Errorf("down: %v", err)
		}
		if tries := s.Calls()["DeleteVpc"]; tries > 25 {
			t.Errorf("the VPC's deletion was tried %d times", tries)
		}
		s.Sandbox.HoldVPC(sandbox.DefaultAccount, sandboxtest.Region, s.id("vpc"), false)
		s.must(s.remove())
	})
}
