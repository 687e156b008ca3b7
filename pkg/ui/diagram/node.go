package diagram

import (
	"fmt"
	"strings"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/network"
)

var titles = map[string]string{
	"vpc": "VPC", "internet-gateway": "Internet gateway", "subnet": "Subnet", "security-group": "Security group",
	"route-table": "Route table", "elastic-ip": "Elastic IP", "nat-gateway": "NAT gateway", "vpc-endpoint": "Endpoint",
	"load-balancer": "Load balancer", "target-group": "Target group", "listener": "Listener",
	"launch-template": "Launch template", "auto-scaling-group": "Auto Scaling group", "iam-role": "IAM role",
	"instance-profile": "Instance profile",
}

func node(step graph.Step) Node {
	n := Node{Key: step.Key, ID: step.ID, Title: title(step.Key), Word: step.Phase.String(), Facts: facts(step.Observed)}
	n.State = map[graph.Phase]State{
		graph.Ready: Ready, graph.Pending: Busy, graph.Leaving: Busy, graph.Failed: Failed,
	}[step.Phase]
	switch step.Action {
	case graph.Create:
		n.State, n.Word = Missing, "to be made"
	case graph.Delete:
		n.State, n.Word = Unwanted, "to be removed"
	case graph.Replace:
		n.State, n.Word = Replaced, step.Phase.String()+", to be replaced"
	case graph.Update:
		n.State, n.Word = Differs, "to be changed"
	case graph.Keep, graph.Wait:
	}
	if step.Why != "" {
		n.Facts = append(n.Facts, step.Why)
	}
	for _, c := range step.Changes {
		if step.Action == graph.Update {
			n.Changes = append(n.Changes, fmt.Sprintf("%s: %s → %s", c.Field, orNone(c.From), orNone(c.To)))
		}
	}
	return n
}

func title(key graph.Key) string {
	text := titles[key.Kind()]
	if text == "" {
		text = key.Kind()
	}
	return strings.TrimSpace(text + " " + key.Name())
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// facts are what is worth knowing of a thing beside its ID, as observed.
func facts(o graph.Observed) []string {
	switch o := o.(type) {
	case network.VPCState:
		return []string{o.CIDR}
	case network.SubnetState:
		return []string{o.CIDR}
	case network.ElasticIPState:
		return []string{o.PublicIP}
	case network.RouteTableState:
		if o.Default.Target != "" {
			return []string{"0.0.0.0/0 → " + o.Default.Target}
		}
		return []string{"no way out"}
	case network.SecurityGroupState:
		var rules []string
		for _, r := range o.Ingress {
			rules = append(rules, fmt.Sprintf("%s %d from %s", r.Protocol, r.From, r.Source))
		}
		return rules
	case network.VPCEndpointState:
		return []string{o.Service, string(o.Type)}
	case lb.LoadBalancerState:
		return []string{o.DNSName}
	case lb.ListenerState:
		return []string{fmt.Sprintf("%s :%d", o.Protocol, o.Port)}
	case lb.TargetGroupState:
		return []string{fmt.Sprintf("%s :%d%s", o.Protocol, o.Port, o.Health.Path)}
	case compute.AutoScalingGroupState:
		return []string{fmt.Sprintf("%d to %d instances, %d wanted", o.Min, o.Max, o.Desired)}
	case compute.LaunchTemplateState:
		return []string{fmt.Sprintf("version %d", o.Default)}
	}
	return nil
}
