package sandbox

import "slices"

// agentTalksTo are the services that an agent needs. It has not called ec2messages since version 3.3.40.0.
var agentTalksTo = []string{"ssm", "ssmmessages"}

// reachesSystemsManager says whether an instance's agent finds a way to Systems Manager: for each of its services by
// an interface endpoint, whose private name hides the public one, or else over the internet.
func (i *instance) reachesSystemsManager(r *region) bool {
	at := enis.get(r, i.ENI)
	if at == nil {
		return false
	}
	return !slices.ContainsFunc(agentTalksTo, func(service string) bool {
		name := "com.amazonaws." + r.name + "." + service
		private := endpoints.where(r, func(e *vpcEndpoint) bool {
			return e.VPCID == i.VPCID && e.ServiceName == name && e.PrivateDNS && e.State == "available"
		})
		if len(private) > 0 {
			return !private[0].admits(r, at)
		}
		return !r.egressWorks(i.SubnetID, i.publicIP(r) != "") || !r.lets(at, true, internet, https)
	})
}

// admits says whether an interface gets at one of an endpoint's own.
func (e *vpcEndpoint) admits(r *region, from *eni) bool {
	return slices.ContainsFunc(e.Interfaces, func(id string) bool {
		to := enis.get(r, id)
		return to != nil && r.connects(from, to, https)
	})
}
