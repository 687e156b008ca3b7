package network

import (
	"testing"

	"provision/pkg/graph"
)

func TestNetworkInterfaceHolder(t *testing.T) {
	ours := ownTags("auto-scaling-group")
	for name, tc := range map[string]struct {
		of   networkInterface
		want graph.Holder
	}{
		"a load balancer's": {
			networkInterface{Identity: graph.Identity{ID: "eni-1"}, managed: true, purpose: "ELB app/web/1", account: "1"},
			graph.Holder{ID: "eni-1", Kind: "network interface", Owner: "ELB app/web/1", Passing: true},
		},
		"our instance's": {
			networkInterface{Identity: graph.Identity{ID: "eni-1", Tags: ours}, instanceID: "i-1", account: "1"},
			graph.Holder{
				ID: "i-1", Kind: "instance", Passing: true,
				Owner: `"web-auto-scaling-group", stack web of owner ` + testOwner.ID + ", account 1",
			},
		},
		"a stranger's instance": {
			networkInterface{Identity: graph.Identity{ID: "eni-1"}, instanceID: "i-1", account: "1"},
			graph.Holder{ID: "i-1", Kind: "instance", Owner: "account 1"},
		},
		"a stranger's interface": {
			networkInterface{Identity: graph.Identity{ID: "eni-1", Tags: map[string]string{"Name": "vpn"}}, account: "1"},
			graph.Holder{ID: "eni-1", Kind: "network interface", Owner: `"vpn", account 1`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.of.holder(testOwner); got != tc.want {
				t.Errorf("holder() = %+v, want %+v", got, tc.want)
			}
		})
	}
}
