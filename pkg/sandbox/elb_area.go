package sandbox

import (
	"strconv"
	"strings"

	"provision/pkg/sandbox/wire"
)

// Elastic Load Balancing version 2, application load balancers only. Codes and messages are those of the API reference
// "Elastic Load Balancing version 2015-12-01".

// elbArea registers the operations of Elastic Load Balancing.
func elbArea(reg *registry) {
	loadBalancerOperations(reg)
	targetGroupOperations(reg)
	listenerOperations(reg)
	targetOperations(reg)
	elbTagOperations(reg)
	reg.elb("DescribeAccountLimits", reads, describeAccountLimits)
}

func (reg *registry) elb(action string, traits trait, handle handler) {
	reg.add("elasticloadbalancing", action, traits, handle)
}

// elbARN is the name of a thing of load balancing; its last part is drawn.
func (r *region) elbARN(path string) string {
	digits := strconv.FormatUint(r.draw("elb/"+path), 16)
	return "arn:aws:elasticloadbalancing:" + r.name + ":" + r.account.id + ":" + path + "/" +
		"0000000000000000"[:16-len(digits)] + digits
}

// afterColon is what follows the account in an ARN.
func afterColon(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

// checkELBName checks the name of a load balancer or target group.
func checkELBName(kind, name string) error {
	allowed := func(c rune) bool {
		return c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	switch {
	case name == "":
		return invalid("A %s name must be specified", kind)
	case len(name) > 32:
		return invalid("The %s name '%s' cannot be longer than '32' characters", kind, name)
	case strings.ContainsFunc(name, func(c rune) bool { return !allowed(c) }):
		return invalid("The %s name '%s' can only contain characters that are alphanumeric characters and hyphens(-)",
			kind, name)
	case strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-"):
		return invalid("The %s name '%s' cannot begin or end with a hyphen(-)", kind, name)
	case strings.HasPrefix(name, "internal-"):
		return invalid("The %s name '%s' cannot begin with 'internal-'", kind, name)
	default:
		return nil
	}
}

// paged is the slice of a list that a call asks for by the parameters of its service, and the token of what follows.
func paged[T any](p wire.Params, size, token string, usual, most int, all []T) ([]T, string, error) {
	limit, err := p.Num(size, usual)
	if err != nil || limit < 1 || limit > most {
		return nil, "", invalid("%s must be between 1 and %d", size, most)
	}
	start := 0
	if sent := p.Str(token); sent != "" {
		if start, err = strconv.Atoi(sent); err != nil || start < 0 || start > len(all) {
			return nil, "", invalid("%s is not a token of an earlier answer", token)
		}
	}
	end := min(start+limit, len(all))
	if end == len(all) {
		return all[start:end], "", nil
	}
	return all[start:end], strconv.Itoa(end), nil
}

// elbPage is the paging of Elastic Load Balancing.
func elbPage[T any](c *call, all []T) ([]T, string, error) {
	return paged(c.Params, "PageSize", "Marker", 400, 400, all)
}

type elbLimit struct {
	Name string `wire:"Name"`
	Max  string `wire:"Max"`
}

func describeAccountLimits(c *call) (any, error) {
	return struct {
		Limits []elbLimit `wire:"Limits>member"`
	}{[]elbLimit{
		{"application-load-balancers", strconv.Itoa(c.region.quota(QuotaLoadBalancer))},
		{"listeners-per-application-load-balancer", "50"},
		{"targets-per-application-load-balancer", "1000"},
	}}, nil
}
