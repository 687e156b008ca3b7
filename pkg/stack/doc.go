// Package stack says what a stack is: it turns the settings into one graph per region, and one for what a stack has
// once, and runs the engine over all of them in parallel.
//
// topology.go is the stack, top to bottom; kinds.go is the order of removal; plan.go, apply.go and remove.go are the
// three things done with it. The package must not know flags, terminals or exit codes, and no resource's details.
package stack
