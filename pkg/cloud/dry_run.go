package cloud

import (
	"context"
	"errors"
)

// Whether a dry run's error says that the call would have been made. See "DryRun" in the reference of any action of EC2.
const dryRunOperation = "DryRunOperation"

type dryRunKey struct{}

// DryRun marks a call that has EC2's parameter of that name set, so that it is not taken for one that changes something.
func DryRun(ctx context.Context) context.Context { return context.WithValue(ctx, dryRunKey{}, true) }

func isDryRun(ctx context.Context) bool { return ctx.Value(dryRunKey{}) != nil }

// Allowed is what a dry run found out: whether AWS would have let the call through, or why that is not known.
func Allowed(err error) (bool, error) {
	switch {
	case Code(err) == dryRunOperation:
		return true, nil
	case IsDenied(err):
		return false, nil
	case err == nil:
		return false, errors.New("the dry run was not treated as one")
	}
	return false, err
}
