package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"provision/pkg/access"
	"provision/pkg/kind"
	"provision/pkg/kinds"
)

// service is what the kinds of one service of AWS's need.
type service struct {
	Scope
	name  string // the start of its actions
	kinds []kind.Registration
}

// sids are the names of a service's statements; tag is the action that its creations set tags by, if it has one.
type sids struct{ create, tagging, change, look, named, tag string }

var known = map[string]sids{
	"ec2": {create: "Make", tagging: "TagWhatIsMade", change: "Change", tag: "CreateTags"},
	"elasticloadbalancing": {
		create: "MakeBalancer", tagging: "TagBalancer", change: "ChangeBalancer", tag: "AddTags",
	},
	"autoscaling": {named: "Group"},
	"iam":         {look: "Access", named: "Role"},
}

// order is where the services stand in a policy; others follow.
var order = []string{"ec2", "elasticloadbalancing", "autoscaling", "iam"}

// services are those that the stack's kinds are of.
func (s Scope) services() []service {
	byName := map[string]service{}
	for _, r := range s.kinds() {
		name, _, _ := strings.Cut(r.Writes.Delete[0], ":")
		byName[name] = service{Scope: s, name: name, kinds: append(byName[name].kinds, r)}
	}
	place := func(name string) int {
		if at := slices.Index(order, name); at >= 0 {
			return at
		}
		return len(order)
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b service) int {
		return cmp.Or(cmp.Compare(place(a.name), place(b.name)), strings.Compare(a.name, b.name))
	})
}

// kinds are those that the stack can have.
func (s Scope) kinds() []kind.Registration {
	return slices.DeleteFunc(kinds.All(), func(r kind.Registration) bool {
		return r.Setting != "" && !slices.Contains(s.Settings, r.Setting)
	})
}

// looks are the actions that read and take no resource.
func (s Scope) looks() []string {
	all := slices.Clone(reads)
	for _, r := range s.kinds() {
		all = append(all, r.Actions.Read...)
	}
	return sorted(all)
}

// looks reads what is known by the stack's name.
func (s service) looks() []Statement {
	readOn := func(a kind.Actions) []string { return a.ReadOn }
	return allow(s.sids().look, s.each(readOn), s.on(readOn), nil)
}

// writes creates things with the tag, and changes and deletes what has it. Tags are set by creations, or on what has the
// tag already: otherwise any resource could get the stack's tag, and then be deleted.
func (s service) writes() []Statement {
	sid := s.sids()
	create := s.each(func(a kind.Actions) []string { return a.Create })
	within := s.each(func(a kind.Actions) []string { return a.Within })
	change := s.each(func(a kind.Actions) []string { return a.Change })
	if s.name == "ec2" && s.launches() {
		change = append(change, "ec2:"+runInstances)
	}
	all := allow(sid.create, create, s.made(), s.marked())
	if sid.tag != "" {
		by := Condition{"StringLike": {s.name + ":CreateAction": s.creations(create)}} // in fewer words than the ARNs of what is tagged
		all = append(all, allow(sid.tagging, []string{s.name + ":" + sid.tag}, s.there(), and(s.marked(), by))...)
	}
	all = append(all, allow(sid.change, sorted(slices.Concat(within, change)), s.there(), s.ours())...)
	changeOn := func(a kind.Actions) []string { return a.ChangeOn }
	all = append(all, allow(sid.named, s.each(changeOn), s.on(changeOn), nil)...)
	for _, r := range s.kinds {
		for _, further := range r.Actions.Further {
			if further.Sid != "" {
				all = append(all, s.further(further)...)
			}
		}
	}
	if s.name == "autoscaling" {
		all = append(all, s.linked()...)
	}
	return all
}

func (s service) sids() sids {
	if own, ok := known[s.name]; ok {
		return own
	}
	word := strings.ToUpper(s.name[:1]) + s.name[1:]
	return sids{create: "Make" + word, change: "Change" + word, look: "Look" + word, named: word}
}

// each are the actions of all kinds.
func (s service) each(of func(kind.Actions) []string) []string {
	var all []string
	for _, r := range s.kinds {
		all = append(all, of(r.Actions)...)
	}
	return sorted(all)
}

// on are what is known by the stack's name, of the kinds that have such actions, in the order of creation.
func (s service) on(actions func(kind.Actions) []string) []string {
	var all []string
	for _, r := range slices.Backward(s.kinds) {
		if len(actions(r.Actions)) > 0 {
			all = append(all, s.named(r.Actions.On)...)
		}
	}
	return slices.Compact(all)
}

// made are what creations make, and there is what exists: EC2 says what each thing is.
func (s service) made() []string {
	var all []string
	if s.name != "ec2" {
		for _, r := range s.kinds {
			all = append(all, s.named(r.Actions.Made)...)
		}
		return sorted(all)
	}
	for _, r := range s.kinds {
		if len(r.Actions.Create) > 0 {
			all = append(all, s.arn("ec2:*:"+s.Account+":"+string(r.TaggedAs)+"/*"))
		}
	}
	return sorted(all)
}

func (s service) there() []string {
	if s.name == "ec2" {
		return s.arns("ec2:*:" + s.Account + ":*/*")
	}
	return s.arns(s.name + ":*:" + s.Account + ":*")
}

// further is one statement of a kind's own.
func (s Scope) further(a kind.Allowance) []Statement {
	var all []Condition
	for _, limit := range a.Limits {
		var values []string
		for _, value := range limit.Values {
			if value == "{owners}" {
				values = append(values, s.owners()...)
				continue
			}
			values = append(values, strings.ReplaceAll(value, "{stack}", s.Stack))
		}
		if strings.Contains(limit.Operator, "Arn") {
			values = s.named(values)
		}
		all = append(all, Condition{limit.Operator: {limit.Key: values}})
	}
	return allow(a.Sid, a.Actions, s.named(a.On), and(all...))
}

// behalf are the actions that AWS asks for on everything, on behalf of who creates things.
func (s Scope) behalf() []Statement {
	var actions []string
	for _, r := range s.kinds() {
		for _, further := range r.Actions.Further {
			if further.Sid == "" {
				actions = append(actions, further.Actions...)
			}
		}
	}
	return allow("OnBehalf", sorted(actions), []string{"*"}, nil)
}

// linked lets services create their own roles.
func (s Scope) linked() []Statement {
	var services []string
	for _, r := range s.kinds() {
		services = append(services, r.Actions.Linked...)
	}
	return allow("ServiceRoles", []string{"iam:CreateServiceLinkedRole"}, s.arns("iam::"+s.Account+":role/aws-service-role/*"),
		equals("iam:AWSServiceName", sorted(services)...))
}

// named are the ARNs of a registration, of this stack.
func (s Scope) named(on []string) []string {
	var all []string
	for _, arn := range on {
		if arn == "*" {
			all = append(all, arn)
			continue
		}
		names := []string{s.Name}
		switch {
		case strings.Contains(arn, "{role}"):
			names = access.RoleNames(s.Name)
		case strings.Contains(arn, "{ami}"):
			names = s.AMIs
		}
		for _, name := range names {
			filled := strings.NewReplacer("{account}", s.Account, "{name}", s.Name, "{role}", name, "{ami}", name).Replace(arn)
			all = append(all, s.arn(filled))
		}
	}
	return all
}

// allow is a statement, or none where there is nothing to allow.
func allow(sid string, actions, on []string, condition Condition) []Statement {
	if len(actions) == 0 || len(on) == 0 {
		return nil
	}
	return []Statement{{Sid: sid, Effect: "Allow", Action: actions, Resource: on, Condition: condition}}
}

// creations are the calls that set tags on what they create, as CreateAction has them. Which of them the role may make, other
// statements say.
func (s service) creations(create []string) []string {
	all := []string{"Create*"}
	for _, action := range create {
		if _, call, _ := strings.Cut(action, ":"); !strings.HasPrefix(call, "Create") {
			all = append(all, call)
		}
	}
	if s.name == "ec2" && s.launches() {
		all = append(all, runInstances)
	}
	return all
}

const runInstances = "RunInstances"

// launches says whether instances are launched on behalf of who creates something.
func (s Scope) launches() bool {
	return slices.ContainsFunc(s.kinds(), func(r kind.Registration) bool { return r.Actions.Launches })
}

func sorted(all []string) []string { return slices.Compact(slices.Sorted(slices.Values(all))) }
