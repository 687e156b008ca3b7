package config

import "strings"

// These addresses of each private subnet are taken: 5 by AWS (VPC user guide, "Subnet CIDR blocks"), and one by each
// interface endpoint.
const (
	reservedAddresses = 5
	endpointAddresses = 2
)

func validateCompute(s Settings, l layer, mistakes *mistakes) {
	c := s.Compute
	least, most, desired := l["compute.min"], l["compute.max"], l["compute.desired"]
	validateOrder("min", least, "max", most, mistakes)
	if c.Min <= c.Max {
		validateOrder("min", least, "desired", desired, mistakes)
		validateOrder("desired", desired, "max", most, mistakes)
	}
	if room := instanceRoom(s.Network); room > 0 && c.Max > room {
		mistakes.setting(closest(most, l["network.cidr"], l["network.prefix"], l["network.azs"]),
			"use a larger VPC or more zones", "max is %d, but the private subnets of %s have addresses for %d instances",
			c.Max, s.Network.CIDR, room)
	}
	if ami := l["compute.ami"]; strings.HasPrefix(c.AMI, "ami-") && ami.closeness() < 2 {
		mistakes.setting(ami, "put it under overrides", "%s exists in one region only", c.AMI)
	}
	if c.UserData == BuiltinNginx && s.Network.NAT == NATNone && s.Endpoints.S3 == EndpointNone {
		mistakes.setting(closest(l["network.nat"], l["endpoints.s3"]),
			"set endpoints.s3 to gateway, or bring an AMI and user_data of your own",
			"without NAT and S3 endpoint the instances can't reach the repository that nginx is installed from")
	}
}

// validateOrder reports two numbers of which the first is above the second.
func validateOrder(lowName string, low value, highName string, high value, mistakes *mistakes) {
	if low.data.(int) <= high.data.(int) || low.bad || high.bad {
		return
	}
	if closest(low, high).path == low.path {
		mistakes.setting(low, "", "%s is %d, above %s, %d (%s)", lowName, low.data, highName, high.data, high.at)
	} else {
		mistakes.setting(high, "", "%s is %d, below %s, %d (%s)", highName, high.data, lowName, low.data, low.at)
	}
}

// instanceRoom is how many instances the private subnets have addresses for, or 0 if the network is not valid.
func instanceRoom(n Network) int {
	if !n.CIDR.IsValid() || n.AZs > Slots(n.CIDR) {
		return 0
	}
	_, private, err := Subnets(n.CIDR, 0)
	if err != nil {
		return 0
	}
	return n.AZs * (1<<(32-private.Bits()) - reservedAddresses - endpointAddresses)
}
