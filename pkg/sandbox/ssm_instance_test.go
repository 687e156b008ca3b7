package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"provision/pkg/sandbox"
)

// profile creates an instance profile whose role has Systems Manager's policy, and waits until EC2 knows it.
func (s site) profile(name string) {
	s.Helper()
	client := iamClient(s.sandbox)
	madeRole(s.T, client, name)
	do(s.T, client.AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: &name, PolicyArn: aws.String(coreARN)})
	do(s.T, client.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &name, RoleName: &name})
	time.Sleep(15 * time.Second)
}

func (s site) instanceInput(subnet, profile string) *ec2.RunInstancesInput {
	in := &ec2.RunInstancesInput{
		ImageId: &s.image, InstanceType: types.InstanceTypeT3Micro, SubnetId: &subnet, SecurityGroupIds: []string{s.appGroup},
		MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
	}
	if profile != "" {
		in.IamInstanceProfile = &types.IamInstanceProfileSpecification{Name: &profile}
	}
	return in
}

// started runs an instance and waits until its agent would have reported.
func (s site) started(subnet, profile string) *string {
	s.Helper()
	id := do(s.T, s.RunInstances, s.instanceInput(subnet, profile)).Instances[0].InstanceId
	time.Sleep(2 * time.Minute)
	return id
}

func (s site) connection(instance *string) ssmtypes.ConnectionStatus {
	s.Helper()
	client := ssmClient(s.sandbox, "eu-west-1")
	return do(s.T, client.GetConnectionStatus, &ssm.GetConnectionStatusInput{Target: instance}).Status
}

func TestSessionOnInstance(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		client := ssmClient(s.sandbox, "eu-west-1")
		s.nats()
		s.profile("web")
		id := s.started(s.private[0], "web")
		nodes := do(s.T, client.DescribeInstanceInformation, &ssm.DescribeInstanceInformationInput{
			Filters: []ssmtypes.InstanceInformationStringFilter{{Key: aws.String("InstanceIds"), Values: []string{*id}}},
		}).InstanceInformationList
		if len(nodes) != 1 || nodes[0].PingStatus != ssmtypes.PingStatusOnline {
			s.Fatalf("nodes %+v", nodes)
		}
		refused(s.T, "ValidationException", client.StartSession, &ssm.StartSessionInput{
			Target: id, Reason: aws.String(strings.Repeat("x", 257)),
		})
		refused(s.T, "NotImplemented", client.StartSession, &ssm.StartSessionInput{
			Target: id, DocumentName: aws.String("AWS-StartPortForwardingSession"),
		})
		session := do(s.T, client.StartSession, &ssm.StartSessionInput{Target: id, Reason: aws.String("repair")})
		ended := do(s.T, client.TerminateSession, &ssm.TerminateSessionInput{SessionId: session.SessionId})
		if *ended.SessionId != *session.SessionId {
			s.Errorf("ended %s, not %s", *ended.SessionId, *session.SessionId)
		}
		refused(s.T, "DoesNotExistException", client.TerminateSession, &ssm.TerminateSessionInput{SessionId: session.SessionId})
		do(s.T, s.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*id}})
		refused(s.T, "TargetNotConnected", client.StartSession, &ssm.StartSessionInput{Target: id})
	})
}

// An instance is connected once its role lets it report and it finds a way to Systems Manager.
func TestInstanceConnection(t *testing.T) {
	for name, c := range map[string]struct {
		profile string
		prepare func(s site)
		want    ssmtypes.ConnectionStatus
	}{
		"NAT gateway":             {"web", site.nats, ssmtypes.ConnectionStatusConnected},
		"no profile":              {"", site.nats, ssmtypes.ConnectionStatusNotConnected},
		"no way out":              {"web", func(site) {}, ssmtypes.ConnectionStatusNotConnected},
		"endpoints":               {"web", func(s site) { s.endpoints(true) }, ssmtypes.ConnectionStatusConnected},
		"endpoints that are shut": {"web", func(s site) { s.endpoints(false) }, ssmtypes.ConnectionStatusNotConnected},
		"policy detached": {"web", func(s site) {
			s.nats()
			do(s.T, iamClient(s.sandbox).DetachRolePolicy, &iam.DetachRolePolicyInput{
				RoleName: aws.String("web"), PolicyArn: aws.String(coreARN),
			})
		}, ssmtypes.ConnectionStatusNotConnected},
	} {
		t.Run(name, func(t *testing.T) {
			inSite(t, sandbox.Options{}, func(s site) {
				s.profile("web")
				c.prepare(s)
				if got := s.connection(s.started(s.private[0], c.profile)); got != c.want {
					s.Errorf("%s, want %s", got, c.want)
				}
			})
		})
	}
}

// endpoints makes Systems Manager's interface endpoints in the first private subnet; open says whether their group
// lets instances in.
func (s site) endpoints(open bool) {
	s.Helper()
	s.names(s.vpcID)
	group := s.group(s.vpcID, "endpoint")
	if open {
		do(s.T, s.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: &group, IpPermissions: []types.IpPermission{{
				IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443),
				UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &s.appGroup}},
			}},
		})
	}
	for _, service := range []string{"ssm", "ssmmessages"} {
		s.endpoint(ec2.CreateVpcEndpointInput{
			VpcId: &s.vpcID, ServiceName: aws.String("com.amazonaws.eu-west-1." + service),
			VpcEndpointType: types.VpcEndpointTypeInterface, PrivateDnsEnabled: aws.Bool(true),
			SubnetIds: []string{s.private[0]}, SecurityGroupIds: []string{group},
		})
	}
	time.Sleep(2 * time.Minute)
}

// A new instance profile is not known to EC2 at once.
func TestInstanceProfilePropagates(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		client, name := iamClient(s.sandbox), aws.String("web")
		in := s.instanceInput(s.private[0], "web")
		refused(s.T, "InvalidParameterValue", s.RunInstances, in)
		madeRole(s.T, client, "web")
		time.Sleep(time.Minute)
		refused(s.T, "InvalidParameterValue", s.RunInstances, in) // it has no role
		do(s.T, client.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name})
		refused(s.T, "InvalidParameterValue", s.RunInstances, in)
		time.Sleep(15 * time.Second)
		do(s.T, s.RunInstances, in)
	})
}
