package sandbox

import (
	"net/netip"
	"slices"
)

// peer is the other end of a connection, as the rules of security groups see it.
type peer struct {
	groups  []groupID
	address netip.Addr
}

// internet is a peer anywhere outside (TEST-NET-3: no host has the address).
var internet = peer{address: netip.MustParseAddr("203.0.113.80")}

// peer is an interface as others see it.
func (e *eni) peer() peer {
	address, err := netip.ParseAddr(e.PrivateIP)
	if err != nil {
		return peer{groups: e.Groups} // matches no block
	}
	return peer{e.Groups, address}
}

// lets says whether an interface's security groups let a TCP connection to a port in from a peer, or out to it.
func (r *region) lets(e *eni, egress bool, other peer, port int) bool {
	return rules.any(r, func(rule *groupRule) bool {
		return rule.IsEgress == egress && e.has(rule.GroupID) && rule.covers(port) && rule.names(other)
	})
}

func (rule *groupRule) covers(port int) bool {
	switch rule.Protocol {
	case anyProtocol:
		return true
	case "tcp", "6":
		return rule.FromPort <= port && port <= rule.ToPort
	default:
		return false
	}
}

func (rule *groupRule) names(other peer) bool {
	if rule.Referenced != nil {
		return slices.ContainsFunc(other.groups, func(g groupID) bool { return g.ID == rule.Referenced.GroupID })
	}
	block, err := netip.ParsePrefix(rule.CIDR)
	return err == nil && block.Contains(other.address)
}

// connects says whether security groups on both ends let one interface connect to another.
func (r *region) connects(from, to *eni, port int) bool {
	return r.lets(from, true, to.peer(), port) && r.lets(to, false, from.peer(), port)
}
