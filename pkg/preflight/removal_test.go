package preflight

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	autoscalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/network"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// standing is a stack in one region that is up, and a preflight of its removal.
type standing struct {
	*testing.T
	box   *sandbox.Sandbox
	admin *cloud.Cloud
	file  string
}

func newStanding(t *testing.T) standing {
	t.Helper()
	box := sandbox.New(sandbox.Options{EnforceIAM: true})
	s := standing{t, box, as(t, box, sandbox.DefaultAccount), filepath.Join(t.TempDir(), "web.json")}
	s.as(s.admin, func(p Preflight) {
		outcome := p.Stack.Apply(t.Context(), p.Stack.Plan(t.Context()))
		if err := outcome.Err(); err != nil {
			t.Fatal(err)
		}
	})
	return s
}

// as opens the state as a command does.
func (s standing) as(c *cloud.Cloud, do func(Preflight)) {
	s.Helper()
	regions := []string{"eu-west-1"}
	settings, err := config.Load("testdata/web.yaml", config.Overrides{Regions: regions})
	if err != nil {
		s.Fatal(err)
	}
	lock, err := state.NewLocal(s.file, state.Options{}).Acquire(s.Context(), state.Request{Holder: state.Self("test", time.Now())})
	if err != nil {
		s.Fatal(err)
	}
	defer lock.Release(s.Context()) // else the next one would not get it, and fail
	w, err := lock.Open(s.Context(), state.Head{Stack: settings.Name, Owner: state.NewOwner(), Account: sandbox.DefaultAccount, Sandbox: true})
	if err != nil {
		s.Fatal(err)
	}
	p := Preflight{Stack: &stack.Stack{Config: settings, Cloud: c, Record: w, Regions: regions, Web: s.box}}
	if p.Identity, err = c.Identity(s.Context(), regions[0]); err != nil {
		s.Fatal(err)
	}
	do(p)
	if err := w.Close(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// findings are those on the removal, without those that all is well.
func (s standing) findings(c *cloud.Cloud, guardDuty bool) (all []Finding) {
	s.Helper()
	s.as(c, func(p Preflight) {
		p.Stack.RemoveGuardDuty = guardDuty
		removal := p.Stack.PlanRemoval(s.Context(), true)
		if err := removal.Err(); err != nil {
			s.Fatal(err)
		}
		all = slices.DeleteFunc(p.OfRemoval(s.Context(), removal), func(f Finding) bool { return f.Level == OK })
	})
	return all
}

// id is that of a resource of the stack.
func (s standing) id(key graph.Key) (id string) {
	s.Helper()
	s.as(s.admin, func(p Preflight) {
		for _, entry := range p.Stack.Record.Journal("eu-west-1").Entries() {
			if entry.Key == key {
				id = entry.ID
			}
		}
	})
	if id == "" {
		s.Fatalf("there is no %s", key)
	}
	return id
}

func (s standing) client() *cloud.Region { return s.admin.Region("eu-west-1") }

func (s standing) group(name string) string {
	s.Helper()
	out, err := s.client().EC2.CreateSecurityGroup(s.Context(), &ec2.CreateSecurityGroupInput{
		VpcId: aws.String(s.id("vpc")), GroupName: aws.String(name), Description: aws.String("theirs"),
	})
	if err != nil {
		s.Fatal(err)
	}
	return aws.ToString(out.GroupId)
}

func TestObstaclesOfRemoval(t *testing.T) {
	protect := func(level autoscalingtypes.DeletionProtection) func(standing) string {
		return func(s standing) string {
			_, err := s.client().AutoScaling.UpdateAutoScalingGroup(s.Context(), &autoscaling.UpdateAutoScalingGroupInput{
				AutoScalingGroupName: aws.String("provision-web"), DeletionProtection: level,
			})
			if err != nil {
				s.Fatal(err)
			}
			return "--deletion-protection none --auto-scaling-group-name provision-web --region eu-west-1"
		}
	}
	for name, tc := range map[string]struct {
		spoil     func(standing) (word string) // in the detail or the advice
		guardDuty bool
		want      string // level and check; empty: none
	}{
		"nothing": {func(standing) string { return "" }, false, ""},
		"a protected load balancer": {func(s standing) string {
			arn := s.id("load-balancer")
			_, err := s.client().ELB.ModifyLoadBalancerAttributes(s.Context(), &elb.ModifyLoadBalancerAttributesInput{
				LoadBalancerArn: aws.String(arn), Attributes: []elbtypes.LoadBalancerAttribute{{
					Key: aws.String("deletion_protection.enabled"), Value: aws.String("true"),
				}},
			})
			if err != nil {
				s.Fatal(err)
			}
			return "Key=deletion_protection.enabled,Value=false --load-balancer-arn " + arn + " --region eu-west-1"
		}, false, "failed deletion protection"},
		"a protected group": {protect(autoscalingtypes.DeletionProtectionPreventAllDeletion), false, "failed deletion protection"},
		"a group that can't be forced": {func(s standing) string {
			protect(autoscalingtypes.DeletionProtectionPreventForceDeletion)(s)
			return ""
		}, false, ""},
		"a group that is not protected":      {func(s standing) string { protect("none")(s); return "" }, false, ""},
		"a security group of others":         {func(s standing) string { return "security group " + s.group("theirs") }, false, "failed resources of others"},
		"a network interface in its subnets": {foreignInterface, false, "failed resources of others"},
		"GuardDuty's endpoint":               {guardDuty, false, "failed resources of others"},
		"GuardDuty's, which goes along":      {func(s standing) string { guardDuty(s); return "" }, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStanding(t)
				word := tc.spoil(s)
				s.box.ForgetCalls()
				got, text := "", ""
				for _, f := range s.findings(s.admin, tc.guardDuty) {
					got += string(f.Level) + " " + f.Check
					text += f.Detail + " " + f.Next
				}
				if got != tc.want || !strings.Contains(text, word) {
					t.Errorf("got %q, want %q; %q is not in %q", got, tc.want, word, text)
				}
				for _, c := range s.box.Calls() {
					if c.Mutating {
						t.Errorf("the look made %s", c.Name())
					}
				}
			})
		})
	}
}

func foreignInterface(s standing) string {
	out, err := s.client().EC2.CreateNetworkInterface(s.Context(), &ec2.CreateNetworkInterfaceInput{
		SubnetId: aws.String(s.id("subnet/private-a")),
	})
	if err != nil {
		s.Fatal(err)
	}
	return "network interface " + aws.ToString(out.NetworkInterface.NetworkInterfaceId)
}

func guardDuty(s standing) string {
	out, err := s.client().EC2.CreateVpcEndpoint(s.Context(), &ec2.CreateVpcEndpointInput{
		VpcId: aws.String(s.id("vpc")), VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{s.id("subnet/private-a")},
		ServiceName:      aws.String("com.amazonaws.eu-west-1.guardduty-data"),
		SecurityGroupIds: []string{s.group("GuardDutyManagedSecurityGroup-" + s.id("vpc"))},
	})
	if err != nil {
		s.Fatal(err)
	}
	return "VPC endpoint " + aws.ToString(out.VpcEndpoint.VpcEndpointId) + " (" + network.GuardDuty
}

func TestPermissionsOfRemoval(t *testing.T) {
	const everything = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	deny := func(action string) string {
		return everything + `,{"Effect":"Deny","Action":"` + action + `","Resource":"*"}`
	}
	for name, tc := range map[string]struct {
		statements string
		want       []string // the start of each finding
	}{
		"everything":                        {everything, nil},
		"a deletion of EC2's is denied":     {deny("ec2:DeleteSubnet"), []string{"eu-west-1 failed denied: ec2:DeleteSubnet"}},
		"a deletion of others is denied":    {deny("elasticloadbalancing:DeleteLoadBalancer"), []string{"eu-west-1 failed denied: elasticloadbalancing:DeleteLoadBalancer"}},
		"the role's deletion is denied":     {deny("iam:DeleteRole"), []string{"global failed denied: iam:DeleteRole"}},
		"some things only, and not this":    {mayAsk + `,{"Effect":"Allow","Action":"*","NotResource":"arn:aws:ec2:*:*:vpc/*"}`, []string{"eu-west-1 failed denied: ec2:DeleteVpc"}},
		"only what carries the stack's tag": {mayAsk + `,{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/provision:stack":"web"}}}`, nil},
		"who may only look": {mayAsk, []string{
			"eu-west-1 failed denied: ec2:DeleteInternetGateway, ec2:DeleteLaunchTemplate, ",
			"global warning not allowed as far as IAM's simulator knows: iam:DeleteInstanceProfile, ",
		}},
		"the simulator can't be asked, and a dry run allows it": {deny("iam:SimulatePrincipalPolicy"), []string{
			"eu-west-1 warning not known, because IAM's simulator can't be called: ",
			"global warning not known, because IAM's simulator can't be called: ",
		}},
		"the simulator can't be asked, and a dry run refuses": {deny(`iam:SimulatePrincipalPolicy","ec2:DeleteNatGateway`), []string{
			"eu-west-1 failed denied: ec2:DeleteNatGateway",
			"global warning not known, because IAM's simulator can't be called: ",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStanding(t)
				statements := strings.Replace(tc.statements, `"Action":"iam:SimulatePrincipalPolicy","ec2:DeleteNatGateway"`,
					`"Action":["iam:SimulatePrincipalPolicy","ec2:DeleteNatGateway"]`, 1)
				var got []string
				for _, f := range s.findings(as(t, s.box, limited(t, s.box, "/", statements)), false) {
					line := fmt.Sprintf("%s %s %s", f.Region, f.Level, f.Detail)
					if i := slices.IndexFunc(tc.want, func(begin string) bool { return strings.HasPrefix(line, begin) }); i >= 0 {
						line = tc.want[i]
					}
					got = append(got, line)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The use of each read of the look, in a region with everything: none is made for a single resource, but for the load
// balancer's protection.
func TestReadsOfRemoval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStanding(t)
		got := map[string]int{}
		s.as(s.admin, func(p Preflight) {
			removal := p.Stack.PlanRemoval(t.Context(), true)
			s.box.ForgetCalls()
			p.OfRemoval(t.Context(), removal)
			for _, c := range s.box.Calls() {
				_, name, _ := strings.Cut(c.Name(), "/") // from the region
				got[name]++
			}
		})
		want := map[string]int{
			"iam:SimulatePrincipalPolicy": 2, // permissions, of the region and of the role

			"elasticloadbalancing:DescribeLoadBalancerAttributes": 1, // the load balancer's protection; the group's is in its list

			// what others have in the VPC, each kind of it in a list of its own
			"ec2:DescribeNetworkInterfaces": 1, "ec2:DescribeSubnets": 1, "ec2:DescribeSecurityGroups": 1, "ec2:DescribeRouteTables": 1,
			"ec2:DescribeInternetGateways": 1, "ec2:DescribeVpcEndpoints": 1, "ec2:DescribeNetworkAcls": 1, "ec2:DescribeVpnGateways": 1,
			"ec2:DescribeEgressOnlyInternetGateways": 1, "ec2:DescribeCarrierGateways": 1, "ec2:DescribeVpcPeeringConnections": 2,
			"ec2:DescribeSecurityGroupVpcAssociations": 1,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("calls %v (-want +got):\n%s", slices.Sorted(maps.Keys(got)), diff)
		}
	})
}

// An emulator is never asked for a dry run, and its resources in the way only warn.
func TestRemovalBehindAnEndpoint(t *testing.T) {
	box := sandbox.New(sandbox.Options{EnforceIAM: true})
	s := standing{t, box, as(t, box, sandbox.DefaultAccount), filepath.Join(t.TempDir(), "web.json")}
	server := httptest.NewServer(box)
	defer server.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", limited(t, box, "/", mayAsk))
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	c, err := cloud.Open(t.Context(), cloud.Options{EndpointURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	s.as(c, func(p Preflight) {
		vpc, err := s.client().EC2.CreateVpc(t.Context(), &ec2.CreateVpcInput{
			CidrBlock: aws.String("10.9.0.0/16"), TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeVpc, map[string]string{
				graph.TagStack: p.Stack.Config.Name, graph.TagOwner: p.Stack.Record.Document().Owner, graph.TagKey: "vpc",
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.client().EC2.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.9.0.0/24"), AvailabilityZone: aws.String("eu-west-1a"),
		})
		if err != nil {
			t.Fatal(err)
		}
		box.ForgetCalls()
		checks := map[string]Level{}
		for _, f := range p.OfRemoval(t.Context(), p.Stack.PlanRemoval(t.Context(), true)) {
			checks[f.Check] = f.Level
		}
		if diff := cmp.Diff(map[string]Level{"resources of others": Warning, "permissions": Warning}, checks); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, call := range box.Calls() {
			if strings.HasPrefix(call.Action, "Delete") {
				t.Errorf("%s was tried", call.Action)
			}
		}
	})
}
