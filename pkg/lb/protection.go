package lb

import (
	"context"
	"strings"

	"provision/pkg/graph"
)

const attributeProtection = "deletion_protection.enabled"

// Obstacles implements [graph.Guarded]: its deletion protection, which is an attribute that no list has.
func (k LoadBalancers) Obstacles(ctx context.Context, s *graph.Look, o LoadBalancerState) ([]graph.Blocker, error) {
	all, err := k.attributes(ctx, s, o.ID)
	if err != nil || all[attributeProtection] != "true" {
		return nil, err
	}
	remove := "aws elbv2 modify-load-balancer-attributes --attributes Key=" + attributeProtection + ",Value=false" +
		" --load-balancer-arn " + o.ID
	if part := strings.Split(o.ID, ":"); len(part) > 3 { // arn:aws:elasticloadbalancing:REGION:…
		remove += " --region " + part[3]
	}
	return []graph.Blocker{{ID: o.ID, Kind: graph.Protection, Remove: remove}}, nil
}
