package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

func TestPhase(t *testing.T) {
	type verdict struct {
		phase graph.Phase
		why   string
	}
	judge := func(phase graph.Phase, why string) verdict { return verdict{phase, why} }
	nat := func(state types.NatGatewayState) verdict {
		return judge(NATGateways{}.Phase(observeNATGateway(types.NatGateway{
			State: state, FailureCode: aws.String("Gateway.NotAttached"), FailureMessage: aws.String("no gateway"),
		})))
	}
	endpoint := func(state types.State) verdict {
		return judge(VPCEndpoints{}.Phase(observeEndpoint(types.VpcEndpoint{State: state})))
	}
	for name, tc := range map[string]struct{ got, want verdict }{
		"vpc at once":    {judge(VPCs{}.Phase(VPCState{})), verdict{graph.Ready, ""}},
		"subnet pending": {judge(Subnets{}.Phase(SubnetState{State: types.SubnetStatePending})), verdict{graph.Ready, ""}},
		"subnet unavailable": {
			judge(Subnets{}.Phase(SubnetState{State: types.SubnetStateUnavailable})),
			verdict{graph.Pending, "unavailable"},
		},
		"subnet failed": {
			judge(Subnets{}.Phase(SubnetState{State: types.SubnetStateFailedInsufficientCapacity})),
			verdict{graph.Failed, "failed-insufficient-capacity"},
		},
		"nat pending":   {nat(types.NatGatewayStatePending), verdict{graph.Pending, "pending"}},
		"nat available": {nat(types.NatGatewayStateAvailable), verdict{graph.Ready, ""}},
		"nat failed":    {nat(types.NatGatewayStateFailed), verdict{graph.Failed, "Gateway.NotAttached: no gateway"}},
		"nat deleting":  {nat(types.NatGatewayStateDeleting), verdict{graph.Leaving, "deleting"}},
		"nat tombstone": {nat(types.NatGatewayStateDeleted), verdict{graph.Gone, "deleted"}},
		// The SDK's constants start with a capital letter, AWS's answers do not.
		"endpoint pending":         {endpoint("pending"), verdict{graph.Pending, "pending"}},
		"endpoint available":       {endpoint("available"), verdict{graph.Ready, ""}},
		"endpoint available, SDK":  {endpoint(types.StateAvailable), verdict{graph.Ready, ""}},
		"endpoint rejected":        {endpoint("rejected"), verdict{graph.Failed, "rejected"}},
		"endpoint deleting":        {endpoint("deleting"), verdict{graph.Leaving, "deleting"}},
		"endpoint tombstone":       {endpoint("deleted"), verdict{graph.Gone, "deleted"}},
		"endpoint not accepted":    {endpoint("pendingAcceptance"), verdict{graph.Pending, "pendingacceptance"}},
		"internet gateway at once": {judge(InternetGateways{}.Phase(InternetGatewayState{})), verdict{graph.Ready, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.got != tc.want {
				t.Errorf("Phase() = %v, want %v", tc.got, tc.want)
			}
		})
	}
}
