package lb

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

const attributeProtection = "deletion_protection.enabled"

// Obstacles implements [graph.Guarded]: its deletion protection, which is an attribute that no list has.
func (k LoadBalancers) Obstacles(ctx context.Context, _ *graph.Look, o LoadBalancerState) ([]graph.Blocker, error) {
	out, err := k.API.DescribeLoadBalancerAttributes(ctx, &elb.DescribeLoadBalancerAttributesInput{LoadBalancerArn: aws.String(o.ID)})
	if err != nil {
		return nil, cloud.IgnoreNotFound(err)
	}
	for _, attribute := range out.Attributes {
		if aws.ToString(attribute.Key) == attributeProtection && aws.ToString(attribute.Value) == "true" {
			remove := "aws elbv2 modify-load-balancer-attributes --attributes Key=" + attributeProtection + ",Value=false" +
				" --load-balancer-arn " + o.ID
			if part := strings.Split(o.ID, ":"); len(part) > 3 { // arn:aws:elasticloadbalancing:REGION:…
				remove += " --region " + part[3]
			}
			return []graph.Blocker{{ID: o.ID, Kind: graph.Protection, Remove: remove}}, nil
		}
	}
	return nil, nil
}
