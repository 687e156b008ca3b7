package network

import (
	"testing"

	"provision/pkg/graph"
)

func TestNetworkInterfaceBlocker(t *testing.T) {
	ours := ownTags("auto-scaling-group")
	for name, tc := range map[string]struct {
		of   networkInterface
		want graph.Blocker
	}{
		"our instance's": {
			networkInterface{Identity: graph.Identity{ID: "eni-1", Tags: ours}, instanceID: "i-1", account: "1"},
			graph.Blocker{
				ID: "i-1", Kind: "instance", Passing: true,
				Owner: `"web-auto-scaling-group", stack web of owner ` + testOwner.ID + ", account 1",
			},
		},
		"a stranger's instance": {
			networkInterface{Identity: graph.Identity{ID: "eni-1"}, instanceID: "i-1", account: "1"},
			graph.Blocker{
				ID: "i-1", Kind: "instance", Owner: "account 1",
				Remove: "aws ec2 terminate-instances --instance-ids i-1 --region eu-west-1",
			},
		},
		"a stranger's interface": {
			networkInterface{Identity: graph.Identity{ID: "eni-1", Tags: map[string]string{"Name": "vpn"}}, account: "1"},
			graph.Blocker{
				ID: "eni-1", Kind: "network interface", Owner: `"vpn", account 1`,
				Remove: "aws ec2 delete-network-interface --network-interface-id eni-1 --region eu-west-1",
			},
		},
		"a function's": {
			networkInterface{
				Identity: graph.Identity{ID: "eni-1"}, managed: true, account: "1",
				description: "AWS Lambda VPC ENI-check-out-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
			},
			graph.Blocker{
				ID: "check-out", Kind: "function",
				Owner: "AWS Lambda, which takes up to 45 minutes to remove the interfaces of a deleted function, " +
					"AWS Lambda VPC ENI-check-out-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f, account 1",
				Remove: "aws lambda delete-function --function-name check-out --region eu-west-1",
			},
		},
		"a service's that this program does not know": {
			networkInterface{
				Identity: graph.Identity{ID: "eni-1"}, managed: true, requester: "amazon-new", description: "New", account: "1",
			},
			graph.Blocker{ID: "eni-1", Kind: "network interface", Owner: "created by amazon-new, New, account 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := (&Keepers{Region: "eu-west-1"}).blocker(t.Context(), &graph.Look{Owner: testOwner}, tc.of)
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("blocker() = %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestPurposeOf(t *testing.T) {
	for description, want := range map[string]purpose{
		"ELB app/web/50dc6c495c0c9188":           {kind: keeperBalancer, id: "app/web/50dc6c495c0c9188"},
		"ELB old":                                {kind: "classic load balancer", id: "old"},
		"VPC Endpoint Interface vpce-0a1":        {kind: keeperEndpoint, id: "vpce-0a1"},
		"Interface for NAT Gateway nat-0a1":      {kind: keeperNAT, id: "nat-0a1"},
		"AWS Lambda VPC ENI-resize":              {kind: "function", id: "resize"},
		"EFS mount target for fs-0a1 (fsmt-0b2)": {kind: "mount target", id: "fsmt-0b2"},
		"RDSNetworkInterface":                    {kind: "database"},
		"ElastiCache sessions-001":               {kind: "cache", id: "sessions-001"},
		"Amazon EKS blue":                        {kind: "cluster", id: "blue"},
		"arn:aws:ecs:eu-west-1:1:attachment/0a1": {kind: "task attachment", id: "0a1"},
		"Route 53 Resolver: rslvr-in-0a1:rni-1":  {kind: "resolver endpoint", id: "rslvr-in-0a1"},
		"something else":                         {},
	} {
		got := purposeOf(networkInterface{managed: true, description: description})
		if got.kind != want.kind || got.id != want.id {
			t.Errorf("%q is of %q %q, want %q %q", description, got.kind, got.id, want.kind, want.id)
		}
	}
	if got := purposeOf(networkInterface{description: "ELB app/web/1"}); got != (purpose{}) {
		t.Errorf("an interface of nobody's service is of %v", got)
	}
}
