package lifecycle

import (
	"testing"

	"provision/integration/proxy"
)

var failing = []struct {
	name  string
	fault proxy.Fault
	empty bool // nothing was made in the region
}{
	{"all of it", proxy.Fault{Region: "eu-west-1"}, true},
	{"its writes", proxy.Fault{Region: "eu-west-1", Writes: true}, true},
	{"its NAT gateways", proxy.Fault{Region: "eu-west-1", Name: "ec2:CreateNatGateway"}, false},
}

// A region that fails keeps no other from being whole; the next run makes it whole too.
func TestRegionFails(t *testing.T) {
	t.Parallel()
	for _, f := range failing {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "us-east-1", "eu-west-1")
			w.proxy.Inject(f.fault)
			run := w.up().ends(partial).says("eu-west-1", "UnauthorizedOperation", "next: ")
			if run.made("us-east-1", 2); run.in("eu-west-1").Error == "" {
				t.Errorf("up says nothing about the region that failed:\n%s", run.out)
			}
			made := w.made()
			w.has(made, "us-east-1", whole())
			if f.empty {
				w.has(made, "eu-west-1", count{})
			}

			w.proxy.Reset()
			w.up().ends(done)
			w.isWhole()
			w.down().ends(done)
			w.isEmpty()
		})
	}
}

// lost are calls that make something, each of which AWS does once and whose answer gets lost. Those that AWS does not do
// twice, by their client token, name or port, while LocalStack does, are tested on the sandbox only: CreateRouteTable,
// CreateVpcEndpoint, CreateLoadBalancer, CreateListener and CreateAutoScalingGroup.
var lost = []string{
	"ec2:CreateVpc", "ec2:AllocateAddress", "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateSubnet",
	"ec2:CreateSecurityGroup", "ec2:CreateLaunchTemplate", "ec2:CreateRoute",
	"ec2:AuthorizeSecurityGroupIngress", "ec2:AttachInternetGateway", "ec2:AssociateRouteTable",
	"elasticloadbalancing:CreateTargetGroup",
	"iam:CreateRole", "iam:PutRolePolicy", "iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile",
}

// One `up` during which the first answer to each of these calls is lost makes one of everything.
func TestAnswersAreLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	for _, name := range lost {
		w.proxy.Inject(proxy.Fault{Name: name, Nth: 1, Mode: proxy.LoseAnswer})
	}
	run := w.up().ends(done)
	for _, name := range lost {
		if calls := run.calls.Named(name); len(calls) == 0 || calls[0].Status != 0 {
			t.Errorf("the first answer to %s was not lost: %+v", name, calls)
		}
	}
	w.isWhole()
	w.down().ends(done)
	w.isEmpty()
}
