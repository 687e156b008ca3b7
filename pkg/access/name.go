package access

import (
	"slices"
	"strings"
)

// taken are the ends of the names of roles that are not the instances': of [FlowLogRoleName], and of the two roles that
// package bootstrap creates for each stack.
var taken = []string{flowLogEnd, "-plan", "-apply"}

const flowLogEnd = "-flow-logs"

// RoleName is the name of the instances' role of a stack. It is the stack's, but for a stack whose name ends like that of
// another kind of role: without its end, the role of stack web-apply would have the name of the apply role of stack web.
// No name of a stack has a dot.
func RoleName(stack string) string { return RoleNames(stack)[0] }

// RoleNames has the earlier name, too, where there is one: a role keeps it.
func RoleNames(stack string) []string {
	if slices.ContainsFunc(taken, func(end string) bool { return strings.HasSuffix(stack, end) }) {
		return []string{stack + ".instances", stack}
	}
	return []string{stack}
}

// nameOf is what IAM's calls want of an ARN: what follows its last slash.
func nameOf(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

func namesOf(arns []string) []string {
	names := make([]string, 0, len(arns))
	for _, arn := range arns {
		names = append(names, nameOf(arn))
	}
	return names
}
