package policy

import (
	"cmp"
	"maps"
	"reflect"
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
	all := allow(sid.create, create, s.made(), s.marked())
	if sid.tag != "" {
		by := equals(s.name+":CreateAction", calls(create, within)...) // which says what can be tagged, in fewer words than ARNs
		all = append(all, allow(sid.tagging, []string{s.name + ":" + sid.tag}, s.there(), and(s.marked(), by))...)
	}
	all = append(all, allow(sid.change, sorted(slices.Concat(within, change)), s.there(), s.ours())...)
	changeOn := func(a kind.Actions) []string { return a.ChangeOn }
	all = append(all, allow(sid.named, s.each(changeOn), s.on(changeOn), nil)...)
	for _, r := range s.kinds {
		for _, further := range r.Actions.Further {
			if further.Sid != "" {
				all = join(all, s.further(further)...)
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
	if s.name != "ec2" {
		return s.there()
	}
	var all []string
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
			values = append(values, strings.ReplaceAll(value, "{stack}", s.Stack))
		}
		if strings.HasPrefix(limit.Operator, "Arn") {
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
		if strings.Contains(arn, "{role}") {
			names = access.RoleNames(s.Name)
		}
		for _, name := range names {
			filled := strings.NewReplacer("{account}", s.Account, "{name}", s.Name, "{role}", name).Replace(arn)
			all = append(all, s.arn(filled))
		}
	}
	return all
}

// allow is a statement, or none where there is nothing to allow.
func allow(sid string, actions, on []string, condition Condition) []Statement {
	if len(actions) == 0 {
		return nil
	}
	return []Statement{{Sid: sid, Effect: "Allow", Action: actions, Resource: on, Condition: condition}}
}

// join appends statements. One that differs from an earlier one of its name in its resources only adds those.
func join(all []Statement, more ...Statement) []Statement {
	for _, s := range more {
		i := slices.IndexFunc(all, func(have Statement) bool {
			return have.Sid == s.Sid && slices.Equal(have.Action, s.Action) && reflect.DeepEqual(have.Condition, s.Condition)
		})
		if i < 0 {
			all = append(all, s)
			continue
		}
		all[i].Resource = sorted(slices.Concat(all[i].Resource, s.Resource))
	}
	return all
}

// calls are the names of actions without their service, as CreateAction has them.
func calls(create, within []string) []string {
	var all []string
	for _, action := range slices.Concat(create, within) {
		_, call, _ := strings.Cut(action, ":")
		if !slices.Contains(all, call) {
			all = append(all, call)
		}
	}
	return all
}

func sorted(all []string) []string { return slices.Compact(slices.Sorted(slices.Values(all))) }
