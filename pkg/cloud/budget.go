package cloud

import (
	"context"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// budget keeps the calls to each region below the rate at which AWS refuses them. All clients of a [Cloud] share it;
// what other processes call in the account it learns from throttles.
type budget struct {
	mu       sync.Mutex
	limiters map[string]*limiter
}

// Sizes and rates of limiters, for an account and region. They are where a bucket starts: throttles correct what is too
// much, and what AWS has granted an account.
//
// Each API of EC2 has a bucket of its own, with 100 tokens and 20 a second for reads ("Request throttling for the Amazon
// EC2 API"). In version 2 of Elastic Load Balancing's API all reads share one of 40 and 10 a second; that writes have
// less is documented, too ("Request throttling for the Elastic Load Balancing API"), but how much is taken with care
// here. S3 takes so many calls for each prefix ("Best practices design patterns: optimizing Amazon S3 performance") that
// nothing is held back: the leases of a run are renewed there. Of Auto Scaling and the other services AWS tells no numbers.
var (
	ec2Read  = quota{100, 20}
	ec2Write = quota{50, 5}
	ec2Own   = map[string]quota{
		"CreateVpcEndpoint": {4, 0.3}, "ModifyVpcEndpoint": {4, 0.3}, "CreateTags": {100, 10}, "DeleteTags": {100, 10},
	}
	elbRead    = quota{40, 10}
	elbWrite   = quota{20, 3}
	s3Read     = quota{5500, 5500}
	s3Write    = quota{3500, 3500}
	otherRead  = quota{40, 10}
	otherWrite = quota{20, 4}
)

// rateOf is how many calls an operation may make, and which operations share them.
func rateOf(service, operation string) (shared string, r quota) {
	read := IsRead(operation)
	own, special := ec2Own[operation]
	switch {
	case service == "EC2" && special:
		return operation, own
	case service == "EC2" && read:
		return operation, ec2Read
	case service == "EC2":
		return operation, ec2Write
	case service == "Elastic Load Balancing v2" && read:
		return "reads", elbRead
	case service == "Elastic Load Balancing v2":
		return "writes", elbWrite
	case service == "S3" && read:
		return "reads", s3Read
	case service == "S3":
		return "writes", s3Write
	case read:
		return "reads", otherRead
	}
	return "writes", otherWrite
}

func (b *budget) limiter(region, service, operation string) *limiter {
	shared, r := rateOf(service, operation)
	key := region + "/" + service + ":" + shared
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.limiters == nil {
		b.limiters = map[string]*limiter{}
	}
	if b.limiters[key] == nil {
		b.limiters[key] = newLimiter(r)
	}
	return b.limiters[key]
}

// apply makes each attempt at a call wait for its turn. It stands between the retries and the signature, which is good
// for some minutes only.
func (b *budget) apply(stack *middleware.Stack) error {
	const retries = "Retry" // the SDK's name for it
	if _, ok := stack.Finalize.Get(retries); !ok {
		return nil
	}
	wait := middleware.FinalizeMiddlewareFunc("ProvisionBudget", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		limiter := b.limiter(
			awsmiddleware.GetRegion(ctx), awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx),
		)
		if err := limiter.take(ctx); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		out, meta, err := next.HandleFinalize(ctx, in)
		limiter.learn(IsThrottle(err))
		return out, meta, err
	})
	return stack.Finalize.Insert(wait, retries, middleware.After)
}
