package main

import (
	"provision/pkg/ending"
	"provision/pkg/stack"
)

// limit is how much a run may delete and replace: resources, and instances.
type limit struct {
	settings int  // guard.max_destroy; 0: no limit
	typed    *int // --max-destroy, where 0 means nothing at all; nil: not given
}

// refuse says why `up` refuses a plan that deletes and replaces more than is allowed; nil if it does not.
func (l limit) refuse(plan *stack.Plan) error {
	most, limited, from := l.settings, l.settings > 0, "guard.max_destroy"
	if l.typed != nil {
		most, limited, from = *l.typed, true, "--max-destroy"
	}
	n := plan.Destroys()
	if !limited || n <= most {
		return nil
	}
	return ending.Refusedf("this would delete, replace or end %d resources and instances, and %s allows %d: raise it, or pass "+
		"--max-destroy %d", n, from, most, n)
}
