package stack

import (
	"provision/pkg/graph"
	"provision/pkg/lb"
)

// loadBalancer spans the public subnets.
func (t topology) loadBalancer(internet graph.Ref, zones []zone, groups groups) graph.Ref {
	return graph.Add(t.graph, lb.LoadBalancer{
		LoadBalancers: of(t, lb.LoadBalancerKind),
		Meta:          t.meta(balancerKey),
		Subnets:       publicOf(zones),
		SecurityGroup: groups.alb,
		Group:         t.graph.Ref(groupKey),
		Internet:      internet,
	})
}

const (
	balancerKey graph.Key = "load-balancer"
	groupKey    graph.Key = "auto-scaling-group"
	targetsKey  graph.Key = "target-group"
	httpKey     graph.Key = "listener/http"
)

// listeners are the target group and what leads to it: HTTP, or with TLS on HTTPS, and HTTP only to redirect there.
func (t topology) listeners(vpc, balancer, door graph.Ref) (targets graph.Ref, listeners []graph.Ref) {
	settings := t.settings.LB
	targets = graph.Add(t.graph, lb.TargetGroup{
		TargetGroups: of(t, lb.TargetGroupKind),
		Meta:         t.meta(targetsKey),
		VPC:          vpc,
		Port:         httpPort,
		Drain:        settings.Drain,
		Health: lb.HealthCheck{
			Path: settings.HealthPath, Interval: settings.Interval, Status: "200",
			Healthy: int32(settings.Healthy), Unhealthy: int32(settings.Unhealthy),
		},
	})
	http := t.listener("http", balancer)
	http.Port, http.TargetGroup = int32(settings.Port), targets
	if settings.TLS.On() {
		http.TargetGroup, http.RedirectTo = graph.Ref{}, httpsPort
		https := t.listener("https", balancer)
		https.Port, https.TargetGroup, https.Certificate = httpsPort, targets, settings.TLS.CertificateARN
		https.LetsIn = door
		http.Redirected = graph.Add(t.graph, https)
		listeners = append(listeners, http.Redirected)
	}
	listeners = append(listeners, graph.Add(t.graph, http))
	if !settings.TLS.On() { // clients that are still redirected must find the other port open
		t.graph.HandsOver(door, t.graph.Ref(httpKey))
	}
	return targets, listeners
}

func (t topology) listener(name string, balancer graph.Ref) lb.Listener {
	return lb.Listener{Listeners: of(t, lb.ListenerKind), Meta: t.meta(graph.Join("listener", name)), LoadBalancer: balancer}
}
