package preflight

import (
	"context"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

// try is a creation that needs nothing which is not there yet, so that EC2 can say whether it would be allowed.
type try struct {
	kind, action string
	call         func(context.Context, *ec2.Client, map[string]string) error
}

var tries = []try{
	{"vpc", "ec2:CreateVpc", func(ctx context.Context, api *ec2.Client, tags map[string]string) error {
		_, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{
			DryRun: aws.Bool(true), CidrBlock: aws.String("10.0.0.0/16"),
			TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeVpc, tags),
		})
		return err
	}},
	{"internet-gateway", "ec2:CreateInternetGateway", func(ctx context.Context, api *ec2.Client, tags map[string]string) error {
		_, err := api.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{
			DryRun: aws.Bool(true), TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeInternetGateway, tags),
		})
		return err
	}},
	{"elastic-ip", "ec2:AllocateAddress", func(ctx context.Context, api *ec2.Client, tags map[string]string) error {
		_, err := api.AllocateAddress(ctx, &ec2.AllocateAddressInput{
			DryRun: aws.Bool(true), Domain: types.DomainTypeVpc, TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeElasticIp, tags),
		})
		return err
	}},
}

// triable are the creations of a plan that can be tried.
func triable(part *stack.Part) map[string]dryRun {
	all := map[string]dryRun{}
	if part.Plan == nil {
		return all
	}
	for _, try := range tries {
		i := slices.IndexFunc(part.Plan.Steps, func(s graph.Step) bool {
			return s.Action == graph.Create && s.Key.Kind() == try.kind
		})
		if i >= 0 {
			tags := part.Plan.Tags(part.Plan.Steps[i].Key)
			all[try.action] = func(ctx context.Context, api *ec2.Client) error { return try.call(ctx, api, tags) }
		}
	}
	return all
}

// try are the actions that EC2 allows and refuses in a dry run, which sees every policy that there is. Actions without an
// answer are in neither list.
func (r *rights) try(ctx context.Context, q request) (allowed, denied []string) {
	var mu sync.Mutex
	var group errgroup.Group
	for action, call := range q.tries {
		group.Go(func() error {
			may, err := cloud.Allowed(call(cloud.DryRun(ctx), r.Stack.Cloud.Region(q.region).EC2))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
			case may:
				allowed = append(allowed, action)
			default:
				denied = append(denied, action)
			}
			return nil
		})
	}
	_ = group.Wait() // what is not known is not denied
	return allowed, denied
}
