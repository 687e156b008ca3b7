package sandbox

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"provision/pkg/sandbox/wire"
)

// rule is what a listener does under conditions, or by default.
type rule struct {
	ARN        string      `wire:"RuleArn"`
	Priority   string      `wire:"Priority"`
	Conditions []condition `wire:"Conditions>member"`
	Actions    []action    `wire:"Actions>member"`
	Default    bool        `wire:"IsDefault"`

	ListenerARN string
}

type condition struct {
	Field  string   `wire:"Field"`
	Values []string `wire:"Values>member"`
}

var listenerRules = newKind[rule]("elb-rule", "")

func ruleOperations(reg *registry) {
	reg.elb("CreateRule", mutates, createRule)
	reg.elb("DescribeRules", reads, describeRules)
	reg.elb("DeleteRule", mutates, deleteRule)
}

// maxPriority is that of a rule ("CreateRule", Elastic Load Balancing API reference).
const maxPriority = 50_000

// createRule takes conditions on the path and the host; a priority is given once on a listener.
func createRule(c *call) (any, error) {
	l, err := c.listener()
	if err != nil {
		return nil, err
	}
	priority, err := c.Num("Priority", 0)
	if err != nil || priority < 1 || priority > maxPriority {
		return nil, invalid("Priority '%s' must be between 1 and %d", c.Str("Priority"), maxPriority)
	}
	made := &rule{ListenerARN: l.ARN, Priority: strconv.Itoa(priority)}
	for p := range c.Items("Conditions") {
		condition, err := readCondition(p)
		if err != nil {
			return nil, err
		}
		made.Conditions = append(made.Conditions, condition)
	}
	if len(made.Conditions) == 0 {
		return nil, invalid("A condition must be specified")
	}
	if made.Actions, err = readActions(c, "Actions", loadBalancerKind.get(c.region, l.LoadBalancerARN)); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(c.region.rulesOf(l), func(r *rule) bool { return r.Priority == made.Priority }) {
		return nil, fail("PriorityInUse", "Priority '%s' is currently in use", made.Priority)
	}
	made.ARN = c.region.elbARN("listener-rule/" + afterSlash(l.ARN))
	listenerRules.put(c.region, made.ARN, made)
	c.region.countUses()
	return ruleList{Rules: []*rule{made}}, nil
}

func readCondition(p wire.Params) (condition, error) {
	read := condition{Field: p.Str("Field"), Values: p.List("Values")}
	configs := map[string]string{"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"}
	config, known := configs[read.Field]
	if !known {
		return read, invalid("Condition field '%s' must be one of '[path-pattern, host-header]'; the sandbox has no others", read.Field)
	}
	if values := p.In(config).List("Values"); len(values) > 0 {
		read.Values = values
	}
	if len(read.Values) == 0 {
		return read, invalid("A condition value must be specified")
	}
	return read, nil
}

type ruleList struct {
	Rules      []*rule `wire:"Rules>member"`
	NextMarker string  `wire:"NextMarker"`
}

// describeRules lists a listener's rules by priority, the default one last.
func describeRules(c *call) (any, error) {
	l, err := c.listener()
	if err != nil {
		return nil, err
	}
	all := append(c.region.rulesOf(l), &rule{
		ARN: "arn:aws:elasticloadbalancing:" + c.region.name + ":" + c.account.id + ":listener-rule/" +
			afterSlash(l.ARN) + "/0000000000000001",
		Priority: "default", Actions: l.Actions, Default: true,
	})
	page, next, err := elbPage(c, all)
	return ruleList{page, next}, err
}

func deleteRule(c *call) (any, error) {
	arn := c.Str("RuleArn")
	if strings.HasSuffix(arn, "/0000000000000001") {
		return nil, fail("OperationNotPermitted", "Default rule '%s' cannot be deleted", arn)
	}
	if listenerRules.get(c.region, arn) == nil {
		return nil, fail("RuleNotFound", "One or more rules not found")
	}
	listenerRules.drop(c.region, arn)
	c.region.countUses()
	return nil, nil
}

// rulesOf are a listener's rules without the default one, in the order in which they are tried.
func (r *region) rulesOf(l *listener) []*rule {
	var all []*rule
	for rule := range listenerRules.all(r) {
		if rule.ListenerARN == l.ARN {
			all = append(all, rule)
		}
	}
	slices.SortFunc(all, func(a, b *rule) int {
		return cmp.Or(cmp.Compare(len(a.Priority), len(b.Priority)), strings.Compare(a.Priority, b.Priority))
	})
	return all
}

// dropRules deletes a listener's rules with it.
func (r *region) dropRules(l *listener) {
	for _, rule := range r.rulesOf(l) {
		listenerRules.drop(r, rule.ARN)
	}
}

// does is the action for a request: that of the first rule whose conditions it meets, or the default one.
func (r *region) does(l *listener, req *http.Request) action {
	for _, rule := range r.rulesOf(l) {
		if !slices.ContainsFunc(rule.Conditions, func(c condition) bool { return !c.meets(req) }) {
			return rule.Actions[0]
		}
	}
	return l.Actions[0]
}

func (c condition) meets(req *http.Request) bool {
	value := req.URL.Path
	if c.Field == "host-header" {
		value = req.Host
	}
	return slices.ContainsFunc(c.Values, func(pattern string) bool {
		met, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(value, "/", "\x00"))
		return err == nil && met
	})
}
