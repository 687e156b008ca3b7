package sandbox

import "strconv"

// admitted says whether a load balancer gets at a port of an instance: from each of its interfaces, or checks fail.
func (r *region) admitted(lb *loadBalancer, i *instance, port string) bool {
	number, err := strconv.Atoi(port)
	to := enis.get(r, i.ENI)
	if err != nil || to == nil {
		return false
	}
	for _, z := range lb.Zones {
		from := enis.get(r, z.ENI)
		if from == nil || !r.connects(from, to, number) {
			return false
		}
	}
	return true
}

// public says whether the internet gets at a port of a load balancer.
func (r *region) public(lb *loadBalancer, port int) bool {
	for _, z := range lb.Zones {
		at := enis.get(r, z.ENI)
		if at != nil && lb.Scheme != "internal" && r.internetRoute(z.SubnetID) && r.lets(at, false, internet, port) {
			return true
		}
	}
	return false
}
