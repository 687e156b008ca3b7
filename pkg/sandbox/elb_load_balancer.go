package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// loadBalancer is an application load balancer.
type loadBalancer struct {
	ARN       string    `wire:"LoadBalancerArn"`
	DNSName   string    `wire:"DNSName"`
	HostedID  string    `wire:"CanonicalHostedZoneId"`
	Created   time.Time `wire:"CreatedTime"`
	Name      string    `wire:"LoadBalancerName"`
	Scheme    string    `wire:"Scheme"`
	VPCID     string    `wire:"VpcId"`
	State     elbState  `wire:"State"`
	Type      string    `wire:"Type"`
	Zones     []elbZone `wire:"AvailabilityZones>member"`
	Groups    []string  `wire:"SecurityGroups>member"`
	IPAddress string    `wire:"IpAddressType"`

	Active     time.Time // when it became active; zero before
	Attributes map[string]string
	Tags       elbTags
}

type elbState struct {
	Code   string `wire:"Code"`
	Reason string `wire:"Reason"`
}

// elbZone is a zone that a load balancer has a network interface in.
type elbZone struct {
	Name     string `wire:"ZoneName"`
	SubnetID string `wire:"SubnetId"`
	ENI      string
}

var loadBalancerKind = newKind[loadBalancer]("elb-load-balancer", "")

// How long a load balancer takes to become active, and how long its interfaces outlive it.
const (
	elbActiveLow, elbActiveHigh = 90 * time.Second, 180 * time.Second
	elbLingerLow, elbLingerHigh = 30 * time.Second, 300 * time.Second
)

const (
	elbProvisioning = "provisioning"
	elbActive       = "active"
	elbFailed       = "failed"
)

func loadBalancerOperations(reg *registry) {
	reg.elb("CreateLoadBalancer", mutates, createLoadBalancer)
	reg.elb("DescribeLoadBalancers", reads, describeLoadBalancers)
	reg.elb("DeleteLoadBalancer", mutates, deleteLoadBalancer)
	reg.elb("SetSecurityGroups", mutates, setSecurityGroups)
	reg.elb("SetSubnets", mutates, setSubnets)
	reg.elb("DescribeLoadBalancerAttributes", reads, describeLoadBalancerAttributes)
	reg.elb("ModifyLoadBalancerAttributes", mutates, modifyLoadBalancerAttributes)
	reg.effect("load-balancer-active", settleLoadBalancer)
}

// settleLoadBalancer is the end of provisioning.
func settleLoadBalancer(r *region, arn string) {
	lb := loadBalancerKind.get(r, arn)
	if lb == nil {
		return
	}
	if happens := r.mishap("elasticloadbalancing", "LoadBalancerActive"); happens != nil {
		lb.State = elbState{Code: elbFailed, Reason: happens.code + ": " + happens.message}
		return
	}
	lb.State.Code, lb.Active = elbActive, r.now
}

func noLoadBalancer(arn string) *Error {
	return fail("LoadBalancerNotFound", "Load balancer '%s' not found", arn)
}

// loadBalancer is the one that the call names.
func (c *call) loadBalancer() (*loadBalancer, error) {
	arn := c.Str("LoadBalancerArn")
	if arn == "" {
		return nil, invalid("A load balancer ARN must be specified")
	}
	if lb := loadBalancerKind.get(c.region, arn); lb != nil {
		return lb, nil
	}
	return nil, noLoadBalancer(arn)
}

type loadBalancerList struct {
	LoadBalancers []*loadBalancer `wire:"LoadBalancers>member"`
	NextMarker    string          `wire:"NextMarker"`
}

// createLoadBalancer succeeds again for the same name and settings, with the load balancer that is there.
func createLoadBalancer(c *call) (any, error) {
	lb, at, err := readLoadBalancer(c)
	if err != nil {
		return nil, err
	}
	for known := range loadBalancerKind.all(c.region) {
		if known.Name != lb.Name {
			continue
		}
		if !known.same(lb, at) {
			return nil, fail("DuplicateLoadBalancerName",
				"A load balancer with the same name '%s' exists, but with different settings", lb.Name)
		}
		return loadBalancerList{LoadBalancers: []*loadBalancer{known}}, nil
	}
	if loadBalancerKind.count(c.region) >= c.region.quota(QuotaLoadBalancer) {
		return nil, fail("TooManyLoadBalancers", "The maximum number of load balancers has been reached")
	}
	c.region.nameLoadBalancer(lb)
	if err := c.region.enter(lb, at); err != nil {
		return nil, err
	}
	loadBalancerKind.put(c.region, lb.ARN, lb)
	c.region.after(c.region.between("elb/active", elbActiveLow, elbActiveHigh), "load-balancer-active", lb.ARN)
	return loadBalancerList{LoadBalancers: []*loadBalancer{lb}}, nil
}

// nameLoadBalancer gives a new load balancer the names that AWS chooses.
func (r *region) nameLoadBalancer(lb *loadBalancer) {
	lb.ARN = r.elbARN("loadbalancer/app/" + lb.Name)
	lb.HostedID = fmt.Sprintf("Z%013X", hash(r.name)>>12)
	lb.DNSName = lb.Name + "-" + strconv.FormatUint(r.draw("elb/dns")%1e9+1e9, 10) + "." + r.name + loadBalancers
	if lb.Scheme == "internal" {
		lb.DNSName = "internal-" + lb.DNSName
	}
}

// same says whether a call for a load balancer of the same name asks for what is there.
func (lb *loadBalancer) same(other *loadBalancer, at []*subnet) bool {
	if lb.Scheme != other.Scheme || lb.IPAddress != other.IPAddress || !equalSets(lb.Groups, other.Groups) ||
		!lb.Tags.equal(other.Tags) || len(at) != len(lb.Zones) {
		return false
	}
	return !slices.ContainsFunc(at, func(s *subnet) bool {
		return !slices.ContainsFunc(lb.Zones, func(z elbZone) bool { return z.SubnetID == s.ID })
	})
}

func equalSets(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// enter puts a load balancer into subnets in place of those that it is in. It fails if a subnet is full.
func (r *region) enter(lb *loadBalancer, at []*subnet) error {
	var zones []elbZone
	for _, s := range at {
		zone := elbZone{Name: s.Zone, SubnetID: s.ID}
		if i := slices.IndexFunc(lb.Zones, func(z elbZone) bool { return z.SubnetID == s.ID }); i >= 0 {
			zone = lb.Zones[i]
		} else {
			made, err := r.newENI(eniSpec{
				Subnet: s, Groups: lb.Groups, Description: "ELB " + afterSlash(lb.ARN), Requester: "amazon-elb",
				Public: lb.Scheme == "internet-facing",
			})
			if err != nil {
				return err
			}
			zone.ENI = made.ID
		}
		zones = append(zones, zone)
	}
	for _, old := range lb.Zones {
		if !slices.ContainsFunc(zones, func(z elbZone) bool { return z.SubnetID == old.SubnetID }) {
			r.leave(old)
		}
	}
	lb.Zones = zones
	return nil
}

// leave takes a load balancer's interface out of a subnet, which takes a while.
func (r *region) leave(z elbZone) {
	r.releaseENI(z.ENI, r.between("elb/linger", elbLingerLow, elbLingerHigh))
}

func describeLoadBalancers(c *call) (any, error) {
	arns, names := c.List("LoadBalancerArns"), c.List("Names")
	if len(arns) > 0 && len(names) > 0 {
		return nil, invalid("Load balancer names and load balancer ARNs cannot be specified at the same time")
	}
	found, err := elbSelect(loadBalancerKind.seen(c.region), arns, names, func(lb *loadBalancer) string { return lb.Name },
		func(missing string) *Error {
			return fail("LoadBalancerNotFound", "Load balancers '[%s]' not found", missing)
		})
	if err != nil {
		return nil, err
	}
	page, next, err := elbPage(c, found)
	return loadBalancerList{page, next}, err
}

// elbSelect are the things with these ARNs or names, in their order, or all if there are neither.
func elbSelect[T any](
	rows []*row[T], arns, names []string, nameOf func(*T) string, unknown func(string) *Error,
) ([]*T, error) {
	var out []*T
	if len(arns)+len(names) == 0 {
		for _, r := range rows {
			out = append(out, r.Thing)
		}
		return out, nil
	}
	for _, wanted := range append(slices.Clone(arns), names...) {
		i := slices.IndexFunc(rows, func(r *row[T]) bool {
			return r.ID == wanted || len(names) > 0 && nameOf(r.Thing) == wanted
		})
		if i < 0 {
			return nil, unknown(wanted)
		}
		out = append(out, rows[i].Thing)
	}
	return out, nil
}
