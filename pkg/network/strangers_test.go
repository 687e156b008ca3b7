package network

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

// Another owner's resource in the VPC is named and left alone; once it is gone, down finishes.
func TestStrangersScenario(t *testing.T) {
	theirTags := []types.Tag{{Key: aws.String("Name"), Value: aws.String("theirs")}}
	for name, tc := range map[string]struct {
		make   func(s *stage) (id string, err error)
		remove func(s *stage, id string) error
		want   string // in the error
	}{
		"network interface": {
			func(s *stage) (string, error) {
				out, err := s.EC2.CreateNetworkInterface(s.Context(), &ec2.CreateNetworkInterfaceInput{
					SubnetId: aws.String(s.id("subnet/private-a")), Groups: []string{s.id("security-group/app")},
					TagSpecifications: []types.TagSpecification{{
						ResourceType: types.ResourceTypeNetworkInterface, Tags: theirTags,
					}},
				})
				if err != nil {
					return "", err
				}
				return *out.NetworkInterface.NetworkInterfaceId, nil
			},
			func(s *stage, id string) error {
				_, err := s.EC2.DeleteNetworkInterface(s.Context(), &ec2.DeleteNetworkInterfaceInput{
					NetworkInterfaceId: aws.String(id),
				})
				return err
			},
			`delete subnet/private-a: held by network interface ID ("theirs", account 123456789012)`,
		},
		"security group": {
			func(s *stage) (string, error) {
				out, err := s.EC2.CreateSecurityGroup(s.Context(), &ec2.CreateSecurityGroupInput{
					VpcId: aws.String(s.id("vpc")), GroupName: aws.String("theirs"), Description: aws.String("theirs"),
				})
				if err != nil {
					return "", err
				}
				_, err = s.EC2.AuthorizeSecurityGroupIngress(s.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
					GroupId: out.GroupId, IpPermissions: permissions([]RuleState{
						{Protocol: "tcp", From: 5432, To: 5432, Source: s.id("security-group/app")},
					}),
				})
				return *out.GroupId, err
			},
			func(s *stage, id string) error {
				_, err := s.EC2.DeleteSecurityGroup(s.Context(), &ec2.DeleteSecurityGroupInput{GroupId: aws.String(id)})
				return err
			},
			`delete security-group/app: held by rule of security group ID (account 123456789012)`,
		},
		"subnet": {
			func(s *stage) (string, error) {
				out, err := s.EC2.CreateSubnet(s.Context(), &ec2.CreateSubnetInput{
					VpcId: aws.String(s.id("vpc")), CidrBlock: aws.String("10.1.200.0/24"),
					TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeSubnet, Tags: theirTags}},
				})
				if err != nil {
					return "", err
				}
				return *out.Subnet.SubnetId, nil
			},
			func(s *stage, id string) error {
				_, err := s.EC2.DeleteSubnet(s.Context(), &ec2.DeleteSubnetInput{SubnetId: aws.String(id)})
				return err
			},
			`delete vpc: held by subnet ID ("theirs", account 123456789012)`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{})
				s.Up(s.network)
				id, err := tc.make(s)
				if err != nil {
					t.Fatal(err)
				}
				err = s.remove()
				if want := strings.ReplaceAll(tc.want, "ID", id); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("down: %v\nwant: … %s …", err, want)
				}
				if err := tc.remove(s, id); err != nil {
					t.Fatalf("what is theirs was touched: %v", err)
				}
				if err := s.remove(); err != nil {
					t.Errorf("down once it is gone: %v", err)
				}
				if left := s.There(); len(left) > 0 {
					t.Errorf("left after down: %v", left)
				}
			})
		})
	}
}
