package cloud

import (
	"context"
	"errors"

	"github.com/aws/smithy-go/middleware"
)

// sayWhyItEnded gives a call that was cut off the reason that its context ended for: that somebody stopped the run, or
// that its time is up. The SDK says "canceled" only.
func sayWhyItEnded(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("ProvisionStopped", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		out, meta, err := next.HandleInitialize(ctx, in)
		if errors.Is(err, context.Canceled) && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return out, meta, err
	}), middleware.Before)
}
