package diagram

import (
	"fmt"
	"time"

	"provision/pkg/graph"
	"provision/pkg/verdict"
)

// ways are how private subnets may get out.
const (
	perZone  = "per zone"
	single   = "single"
	regional = "regional"
	none     = "none"
)

// drawn is a picture of one region with so many zones and instances in each.
func drawn(zones, instances int, way string) Picture {
	thing := func(key graph.Key, id string) Node {
		return Node{Key: key, Title: title(graph.Step{Key: key}), ID: id, State: Ready, Word: "ready"}
	}
	r := Region{
		Name: "eu-west-1", Verdict: verdict.AsWanted, URL: "http://web.eu-west-1.elb.amazonaws.com", Healthy: zones * instances,
		VPC: thing("vpc", "vpc-1"), Internet: thing("internet-gateway", "igw-1"),
		Balancer: thing("load-balancer", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1"),
		Targets:  []Node{thing("listener/http", "arn:1"), thing("target-group", "arn:2")},
		Group:    []Node{thing("launch-template", "lt-1"), thing("auto-scaling-group", "web")},
		Services: []Node{thing("vpc-endpoint/s3", "vpce-1"), thing("vpc-endpoint/ssm", "vpce-2")},
		Security: []Node{thing("security-group/alb", "sg-1"), thing("security-group/app", "sg-2")},
		Tables:   []Node{thing("route-table/public", "rtb-1")},
	}
	if way == regional {
		r.Regional = thing("nat-gateway/regional", "nat-r")
	}
	for i := range zones {
		letter := string(rune('a' + i))
		z := Zone{
			Letter: letter, Name: fmt.Sprintf("eu-west-1%s (euw1-az%d)", letter, i+1), Exit: NoExit,
			Public:  thing(graph.Join("subnet", "public-"+letter), "subnet-1"+letter),
			Private: thing(graph.Join("subnet", "private-"+letter), "subnet-2"+letter),
			Table:   thing(graph.Join("route-table", "private-"+letter), "rtb-2"+letter),
		}
		switch way {
		case perZone:
			z.Exit = i
		case single:
			z.Exit = 0
		case regional:
			z.Exit = RegionalExit
		}
		if z.Exit == i {
			z.Gateway = []Node{thing(graph.Join("nat-gateway", letter), "nat-"+letter), thing(graph.Join("elastic-ip", letter), "eip-"+letter)}
		}
		for k := range instances {
			id := fmt.Sprintf("i-%s%d", letter, k)
			z.Instances = append(z.Instances, thing(graph.Join("instance", id), id))
		}
		r.Zones = append(r.Zones, z)
	}
	return Picture{
		Stack: "web", Time: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Regions: []Region{r},
		Global: []Node{thing("iam-role", "arn:aws:iam::123456789012:role/web")},
	}
}
