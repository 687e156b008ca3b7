package sandbox

import (
	"slices"
	"strconv"

	"provision/pkg/sandbox/wire"
)

// action is what a listener does with a request.
type action struct {
	Type        string         `wire:"Type"`
	Order       int            `wire:"Order"`
	TargetGroup string         `wire:"TargetGroupArn"`
	Forward     *forward       `wire:"ForwardConfig"`
	Redirect    *redirect      `wire:"RedirectConfig"`
	Fixed       *fixedResponse `wire:"FixedResponseConfig"`
}

type forward struct {
	Groups     []weightedGroup `wire:"TargetGroups>member"`
	Stickiness stickiness      `wire:"TargetGroupStickinessConfig"`
}

type weightedGroup struct {
	ARN    string `wire:"TargetGroupArn"`
	Weight int    `wire:"Weight"`
}

type stickiness struct {
	Enabled bool `wire:"Enabled"`
}

// redirect keeps what it does not change by placeholders such as #{host}.
type redirect struct {
	Protocol   string `wire:"Protocol"`
	Host       string `wire:"Host"`
	Port       string `wire:"Port"`
	Path       string `wire:"Path"`
	Query      string `wire:"Query"`
	StatusCode string `wire:"StatusCode"`
}

type fixedResponse struct {
	StatusCode  string `wire:"StatusCode"`
	ContentType string `wire:"ContentType"`
	Body        string `wire:"MessageBody"`
}

// unchanged is a redirect to where the request came from.
var unchanged = redirect{Protocol: "#{protocol}", Host: "#{host}", Port: "#{port}", Path: "/#{path}", Query: "#{query}"}

// readActions reads what to do with requests that come to a load balancer.
func readActions(c *call, parameter string, lb *loadBalancer) ([]action, error) {
	var out []action
	for p := range c.Items(parameter) {
		a, err := readAction(c.region, p, lb)
		if err != nil {
			return nil, err
		}
		a.Order = len(out) + 1
		out = append(out, a)
	}
	if len(out) != 1 {
		return nil, invalid("One action must be specified; the sandbox does not have authentication before it")
	}
	return out, nil
}

func readAction(r *region, p wire.Params, lb *loadBalancer) (action, error) {
	a := action{Type: p.Str("Type")}
	switch a.Type {
	case "forward":
		return readForward(r, p, lb)
	case "redirect":
		return readRedirect(p.In("RedirectConfig"))
	case "fixed-response":
		at := p.In("FixedResponseConfig")
		a.Fixed = &fixedResponse{at.Str("StatusCode"), orElse(at.Str("ContentType"), "text/plain"), at.Str("MessageBody")}
		if n, err := strconv.Atoi(a.Fixed.StatusCode); err != nil || n < 200 || n > 599 {
			return a, invalid("Fixed response status code '%s' is not valid", a.Fixed.StatusCode)
		}
		return a, nil
	default:
		return a, invalid("Action type '%s' must be one of 'forward, redirect, fixed-response'", a.Type)
	}
}

// readForward reads the target groups of an action; AWS answers them in both of their forms, whichever was sent.
func readForward(r *region, p wire.Params, lb *loadBalancer) (action, error) {
	a := action{Type: "forward", TargetGroup: p.Str("TargetGroupArn"), Forward: &forward{}}
	for item := range p.Items("ForwardConfig.TargetGroups") {
		weight, err := item.Num("Weight", 1)
		if err != nil {
			return a, invalid("Target group weight '%s' is not valid", item.Str("Weight"))
		}
		a.Forward.Groups = append(a.Forward.Groups, weightedGroup{item.Str("TargetGroupArn"), weight})
	}
	switch {
	case len(a.Forward.Groups) == 0:
		a.Forward.Groups = []weightedGroup{{a.TargetGroup, 1}}
	case len(a.Forward.Groups) == 1:
		a.TargetGroup = a.Forward.Groups[0].ARN
	}
	for _, to := range a.Forward.Groups {
		if to.ARN == "" {
			return a, invalid("A target group ARN must be specified")
		}
		g := targetGroups.get(r, to.ARN)
		if g == nil {
			return a, noTargetGroup()
		}
		if g.VPCID != lb.VPCID {
			return a, fail("InvalidConfigurationRequest",
				"The target group '%s' is not in the VPC of the load balancer", to.ARN)
		}
		if slices.ContainsFunc(g.LoadBalancers, func(arn string) bool { return arn != lb.ARN }) {
			return a, fail("TargetGroupAssociationLimit",
				"The following target groups cannot be associated with more than one load balancer: %s", to.ARN)
		}
	}
	return a, nil
}

func readRedirect(p wire.Params) (action, error) {
	to := redirect{
		Protocol: orElse(p.Str("Protocol"), unchanged.Protocol), Host: orElse(p.Str("Host"), unchanged.Host),
		Port: orElse(p.Str("Port"), unchanged.Port), Path: orElse(p.Str("Path"), unchanged.Path),
		Query: orElse(p.Str("Query"), unchanged.Query),
	}
	if to == unchanged {
		return action{}, fail("InvalidLoadBalancerAction",
			"The RedirectConfig values are not valid: they would send requests to where they came from")
	}
	to.StatusCode = p.Str("StatusCode")
	if to.StatusCode != "HTTP_301" && to.StatusCode != "HTTP_302" {
		return action{}, invalid("Redirect status code '%s' must be one of 'HTTP_301, HTTP_302'", to.StatusCode)
	}
	return action{Type: "redirect", Redirect: &to}, nil
}
