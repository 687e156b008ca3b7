package cloud

import (
	"context"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// Call is one attempt at an API call, after its answer or the lack of one.
type Call struct {
	Time      time.Time
	Took      time.Duration
	Region    string
	Service   string // as the SDK names it, e.g. "EC2"
	Operation string
	RequestID string
	Mutating  bool
	Err       error
}

// Throttled says that AWS asked to come back later.
func (c Call) Throttled() bool { return IsThrottle(c.Err) }

// callOf is an attempt that starts now.
func callOf(ctx context.Context) Call {
	operation := awsmiddleware.GetOperationName(ctx)
	return Call{
		Time:      time.Now(),
		Region:    awsmiddleware.GetRegion(ctx),
		Service:   awsmiddleware.GetServiceID(ctx),
		Operation: operation,
		Mutating:  !IsRead(operation) && !isDryRun(ctx),
	}
}

// permit asks before every attempt; an error of the caller's ends the call before anything is sent.
func permit(ask func(Call) error) func(*middleware.Stack) error {
	gate := middleware.DeserializeMiddlewareFunc("ProvisionPermit", func(
		ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
	) (middleware.DeserializeOutput, middleware.Metadata, error) {
		if err := ask(callOf(ctx)); err != nil {
			return middleware.DeserializeOutput{}, middleware.Metadata{}, err
		}
		return next.HandleDeserialize(ctx, in)
	})
	return func(stack *middleware.Stack) error { return stack.Deserialize.Add(gate, middleware.Before) }
}

// observe reports every attempt: the deserialize step is below the retries.
func observe(report func(Call)) func(*middleware.Stack) error {
	see := middleware.DeserializeMiddlewareFunc("ProvisionCallLog", func(
		ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
	) (middleware.DeserializeOutput, middleware.Metadata, error) {
		call := callOf(ctx)
		out, meta, err := next.HandleDeserialize(ctx, in)
		call.Took, call.Err = time.Since(call.Time), err
		call.RequestID, _ = awsmiddleware.GetRequestIDMetadata(meta)
		report(call)
		return out, meta, err
	})
	return func(stack *middleware.Stack) error { return stack.Deserialize.Add(see, middleware.Before) }
}
