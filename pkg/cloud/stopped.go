package cloud

import (
	"context"
	"errors"

	"github.com/aws/smithy-go/middleware"
)

// sayWhyItEnded adds to the error of a cancelled call the reason that its context ended for: the user stopped the run,
// or its time is up. The SDK says "canceled" only.
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
