package preflight

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

// quota is one of AWS's limits that a stack meets. See "AWS service quotas" of each service.
type quota struct {
	name          string // as Service Quotas shows it
	service, code string
	refusal       string // AWS's error code for one too many
	adds          func(*stack.Part, config.Settings) int
	used          func(context.Context, *cloud.Region, *stack.Part) (int, error)
	adding        func(context.Context, *cloud.Region, config.Settings) (int, error) // of one; nil: one each
}

var quotas = []quota{
	{
		name: "VPCs per Region", service: "vpc", code: "L-F678F1CE", refusal: "VpcLimitExceeded",
		adds: creations("vpc"), used: usedVPCs,
	},
	{
		name: "EC2-VPC Elastic IPs", service: "ec2", code: "L-0263D0A3", refusal: "AddressLimitExceeded",
		adds: creations("elastic-ip"), used: usedAddresses,
	},
	{
		name: "NAT gateways per Availability Zone", service: "vpc", code: "L-FE5A380F", refusal: "NatGatewayLimitExceeded",
		adds: oneInAZone("nat-gateway"), used: usedNATGateways,
	},
	{
		name: "Application Load Balancers per Region", service: "elasticloadbalancing", code: "L-53DA6B97",
		refusal: "TooManyLoadBalancers", adds: creations("load-balancer"), used: usedLoadBalancers,
	},
	{
		name: "Running On-Demand Standard instances", service: "ec2", code: "L-1216C47A", refusal: "VcpuLimitExceeded",
		adds: standardInstances, used: usedVCPUs, adding: vcpusOfOne,
	},
}

// creations is how many things of a kind the plan makes.
func creations(kind string) func(*stack.Part, config.Settings) int {
	return func(part *stack.Part, _ config.Settings) int {
		n := 0
		if part.Plan != nil {
			for _, step := range part.Plan.Steps {
				if (step.Action == graph.Create || step.CreateFirst) && step.Key.Kind() == kind {
					n++
				}
			}
		}
		return n
	}
}

// oneInAZone is for kinds of which a stack has one at most in each zone.
func oneInAZone(kind string) func(*stack.Part, config.Settings) int {
	count := creations(kind)
	return func(part *stack.Part, s config.Settings) int { return min(1, count(part, s)) }
}

// standardInstances is how many instances a new Auto Scaling group starts, or one that grows, if their type counts for this
// quota.
func standardInstances(part *stack.Part, s config.Settings) int {
	if part.Plan == nil || !isStandard(s.Compute.Type) {
		return 0
	}
	n := 0
	for _, step := range part.Plan.Steps {
		switch {
		case step.Key != "auto-scaling-group":
		case step.Action == graph.Create:
			n += s.Compute.Desired
		case step.Action == graph.Update:
			n += max(0, compute.Growth(step.Changes))
		}
	}
	return n
}

// quotas compares what the plan adds with what is left. It asks only for the quotas that the plan needs.
func (p Preflight) quotas(ctx context.Context, part *stack.Part) []Finding {
	settings, err := p.Stack.Config.Region(part.Region)
	if err != nil {
		return []Finding{broken(part.Region, "quotas", err)}
	}
	found := make([]Finding, len(quotas))
	var group errgroup.Group
	for i, q := range quotas {
		if adds := q.adds(part, settings); adds > 0 {
			group.Go(func() error {
				found[i] = q.check(ctx, p.Stack.Cloud.Region(part.Region), part, settings, adds)
				return nil
			})
		}
	}
	_ = group.Wait() // what fails is a finding
	kept := found[:0]
	for _, finding := range found {
		if finding.Check != "" {
			kept = append(kept, finding)
		}
	}
	return kept
}

func (q quota) check(ctx context.Context, c *cloud.Region, part *stack.Part, s config.Settings, adds int) Finding {
	check := "quota: " + q.name
	var limit, used int
	each := 1
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { limit, err = q.limit(ctx, c.Quotas); return err })
	group.Go(func() (err error) { used, err = q.used(ctx, c, part); return err })
	if q.adding != nil {
		group.Go(func() (err error) { each, err = q.adding(ctx, c, s); return err })
	}
	if err := group.Wait(); err != nil {
		return warning(c.Name, check, cloud.Advice(err), "whether there is room is not known: %v", err)
	}
	const text = "%d of %d used, %d more needed"
	if used+adds*each > limit {
		return failed(c.Name, check, cloud.AdviceFor(q.refusal), text, used, limit, adds*each)
	}
	return ok(c.Name, check, text, used, limit, adds*each)
}

// quotaAPI is what limits are read with.
type quotaAPI interface {
	GetServiceQuota(context.Context, *servicequotas.GetServiceQuotaInput, ...func(*servicequotas.Options)) (*servicequotas.GetServiceQuotaOutput, error)
	GetAWSDefaultServiceQuota(context.Context, *servicequotas.GetAWSDefaultServiceQuotaInput, ...func(*servicequotas.Options)) (*servicequotas.GetAWSDefaultServiceQuotaOutput, error)
}

// limit is the account's own, or else AWS's default: Service Quotas has no value of the account's for a quota that was
// never changed.
func (q quota) limit(ctx context.Context, api quotaAPI) (int, error) {
	brief := func(o *servicequotas.Options) { o.Retryer = cloud.IfBusy() }
	own, err := api.GetServiceQuota(ctx, &servicequotas.GetServiceQuotaInput{
		ServiceCode: aws.String(q.service), QuotaCode: aws.String(q.code),
	}, brief)
	if err == nil {
		return int(aws.ToFloat64(own.Quota.Value)), nil
	}
	if cloud.IsNotFound(err) {
		usual, err := api.GetAWSDefaultServiceQuota(ctx, &servicequotas.GetAWSDefaultServiceQuotaInput{
			ServiceCode: aws.String(q.service), QuotaCode: aws.String(q.code),
		}, brief)
		if err == nil {
			return int(aws.ToFloat64(usual.Quota.Value)), nil
		}
	}
	return 0, fmt.Errorf("read the quota %s: %w", q.code, err)
}
