package policy

import (
	"reflect"
	"slices"
	"strings"
)

// merged are statements that mean the same, as few as there can be: a role's policies have a limit of length. Two that
// differ in their actions only, or in their resources only, become one.
func merged(statements []Statement) []Statement {
	var all []Statement
	for _, s := range statements {
		i := slices.IndexFunc(all, func(have Statement) bool { return have.joins(s) })
		if i < 0 {
			all = append(all, s)
			continue
		}
		all[i].Action = sorted(slices.Concat(all[i].Action, s.Action))
		all[i].Resource = distinct(slices.Concat(all[i].Resource, s.Resource))
	}
	return all
}

func (s Statement) joins(other Statement) bool {
	return s.Effect == other.Effect && reflect.DeepEqual(s.Principal, other.Principal) &&
		sameConditions(s, other) &&
		(slices.Equal(s.Action, other.Action) || slices.Equal(s.Resource, other.Resource))
}

// distinct keeps the order of the first of each.
func distinct(all []string) []string {
	var kept []string
	for _, one := range all {
		if !slices.Contains(kept, one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// across are the statements with those of different services joined that have the same conditions: an action is never about
// another service's things.
func across(statements []Statement) []Statement {
	var all []Statement
	for _, s := range statements {
		i := slices.IndexFunc(all, func(have Statement) bool {
			return have.Effect == s.Effect && len(have.Principal)+len(s.Principal) == 0 && sameConditions(have, s) && have.apart(s)
		})
		if i < 0 {
			all = append(all, s)
			continue
		}
		all[i].Action = slices.Concat(all[i].Action, s.Action)
		all[i].Resource = slices.Concat(all[i].Resource, s.Resource)
	}
	return all
}

// apart says whether no action of either statement is about a resource of the other.
func (s Statement) apart(other Statement) bool {
	of := map[string]bool{}
	for _, service := range slices.Concat(s.services(), s.places()) {
		of[service] = true
	}
	for _, service := range slices.Concat(other.services(), other.places()) {
		if of[service] || of["*"] || service == "*" {
			return false
		}
	}
	return true
}

// services are those that the actions are of, and places those that the resources are of.
func (s Statement) services() (all []string) {
	for _, action := range s.Action {
		service, _, _ := strings.Cut(action, ":")
		all = append(all, service)
	}
	return all
}

func (s Statement) places() (all []string) {
	for _, resource := range s.Resource {
		parts := strings.Split(resource, ":")
		if len(parts) < 3 {
			return []string{"*"}
		}
		all = append(all, parts[2])
	}
	return all
}

func sameConditions(a, b Statement) bool {
	return len(a.Condition) == 0 && len(b.Condition) == 0 || reflect.DeepEqual(a.Condition, b.Condition)
}
