package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"provision/pkg/sandbox"
)

// TestUnknownParameter shows for every service that a parameter which the sandbox does not read is refused by its name.
func TestUnknownParameter(t *testing.T) {
	trust := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},` +
		`"Action":"sts:AssumeRole"}]}`)
	for name, call := range map[string]func(s site) error{
		"Ipv6Pool of ec2:CreateVpc": func(s site) error {
			_, err := s.CreateVpc(s.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16"), Ipv6Pool: aws.String("p")})
			return err
		},
		"VpcEncryptionControl.Mode of ec2:CreateVpc": func(s site) error {
			_, err := s.CreateVpc(s.Context(), &ec2.CreateVpcInput{
				CidrBlock: aws.String("10.9.0.0/16"), DryRun: aws.Bool(true),
				VpcEncryptionControl: &types.VpcEncryptionControlConfiguration{Mode: types.VpcEncryptionControlModeEnforce},
			})
			return err
		},
		"TargetControlPort of elasticloadbalancing:CreateTargetGroup": func(s site) error {
			_, err := s.elb.CreateTargetGroup(s.Context(), &elb.CreateTargetGroupInput{
				Name: aws.String("g"), Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: &s.vpcID,
				TargetControlPort: aws.Int32(81),
			})
			return err
		},
		"SkipZonalShiftValidation of autoscaling:CreateAutoScalingGroup": func(s site) error {
			in := s.groupInput("protected", s.launchTemplate("web"), "")
			in.TargetGroupARNs, in.SkipZonalShiftValidation = nil, aws.Bool(true)
			_, err := s.asg.CreateAutoScalingGroup(s.Context(), in)
			return err
		},
		"IncludeDeletedGroups of autoscaling:DescribeScalingActivities": func(s site) error {
			_, err := s.asg.DescribeScalingActivities(s.Context(), &autoscaling.DescribeScalingActivitiesInput{IncludeDeletedGroups: aws.Bool(true)})
			return err
		},
		"OnlyAttached of iam:ListPolicies": func(s site) error {
			_, err := iam.NewFromConfig(awsConfig(s.sandbox, "eu-west-1")).ListPolicies(s.Context(), &iam.ListPoliciesInput{OnlyAttached: true})
			return err
		},
		"SourceIdentity of sts:AssumeRole": func(s site) error {
			client := iam.NewFromConfig(awsConfig(s.sandbox, "eu-west-1"))
			role := do(s.T, client.CreateRole, &iam.CreateRoleInput{RoleName: aws.String("assumed"), AssumeRolePolicyDocument: aws.String(
				strings.ReplaceAll(*trust, `"Service":"ec2.amazonaws.com"`, `"AWS":"`+sandbox.DefaultAccount+`"`))})
			_, err := sts.NewFromConfig(awsConfig(s.sandbox, "eu-west-1")).AssumeRole(s.Context(), &sts.AssumeRoleInput{
				RoleArn: role.Role.Arn, RoleSessionName: aws.String("session"), SourceIdentity: aws.String("someone"),
			})
			return err
		},
		"QuotaAppliedAtLevel of servicequotas:ListServiceQuotas": func(s site) error {
			_, err := servicequotas.NewFromConfig(awsConfig(s.sandbox, "eu-west-1")).ListServiceQuotas(s.Context(),
				&servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("vpc"), QuotaAppliedAtLevel: "ALL"})
			return err
		},
		"kmsKeyId of logs:CreateLogGroup": func(s site) error {
			_, err := cloudwatchlogs.NewFromConfig(awsConfig(s.sandbox, "eu-west-1")).CreateLogGroup(s.Context(),
				&cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g"), KmsKeyId: aws.String("k")})
			return err
		},
		"ParameterFilters of ssm:GetParametersByPath": func(s site) error {
			_, err := ssmClient(s.sandbox, "eu-west-1").GetParametersByPath(s.Context(), &ssm.GetParametersByPathInput{
				Path:             aws.String("/aws/service/ami-amazon-linux-latest"),
				ParameterFilters: []ssmtypes.ParameterStringFilter{{Key: aws.String("Type"), Values: []string{"String"}}},
			})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			inSite(t, sandbox.Options{}, func(s site) {
				err := call(s)
				if code(s.T, err) != "NotImplemented" || !strings.Contains(err.Error(), name) {
					t.Errorf("%v, want the refusal of %s", err, name)
				}
			})
		})
	}
}

// TestUnknownParameterChangesNothing shows that the refused call leaves nothing, and that the next one without the
// parameter has the answer that it would have had without the refused one.
func TestUnknownParameterChangesNothing(t *testing.T) {
	create := func(refusedFirst bool) (id string, left int) {
		inWorld(t, sandbox.Options{}, func(w world) {
			if refusedFirst {
				refused(w.T, "NotImplemented", w.CreateVpc, &ec2.CreateVpcInput{
					CidrBlock: aws.String("10.0.0.0/16"), Ipv6Pool: aws.String("pool"),
				})
				left = len(do(w.T, w.DescribeVpcs, &ec2.DescribeVpcsInput{}).Vpcs)
				time.Sleep(time.Hour)
			}
			id = w.vpc("10.0.0.0/16")
		})
		return id, left
	}
	plain, before := create(false)
	after, left := create(true)
	if left != before || after != plain {
		t.Errorf("%d VPCs after the refusal instead of %d, the next is %s instead of %s", left, before, after, plain)
	}
}

// TestUnknownFilter shows that AWS's words are only for filters that AWS does not have either.
func TestUnknownFilter(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		for name, want := range map[string]string{
			"dhcp-options-id": "", "ipv6-cidr-block-association.state": "NotImplemented", "color": "InvalidParameterValue", "tag:Name": "", "vpc-id": "", "tag": "InvalidParameterValue",
		} {
			_, err := w.DescribeVpcs(w.Context(), &ec2.DescribeVpcsInput{Filters: filter(name, "x")})
			w.refused(err, want)
		}
		refused(w.T, "NotImplemented", w.DescribeInstances, &ec2.DescribeInstancesInput{Filters: filter("metadata-options.http-tokens", "required")})
		for key, want := range map[string]string{
			"AgentVersion": "NotImplemented", "Color": "InvalidInstanceInformationFilterValue", "PingStatus": "",
		} {
			_, err := ssmClient(w.sandbox, "eu-west-1").DescribeInstanceInformation(w.Context(), &ssm.DescribeInstanceInformationInput{
				Filters: []ssmtypes.InstanceInformationStringFilter{{Key: &key, Values: []string{"x"}}},
			})
			w.refused(err, want)
		}
	})
}
