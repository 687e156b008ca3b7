package cloud

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyendpoints "github.com/aws/smithy-go/endpoints"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// bucketRegion finds out where a client's bucket is. S3 refuses a caller in another region than the bucket's, such as a
// pipeline, and names the bucket's region in the same answer; see "Virtual hosting of general purpose buckets". The SDK
// gives up there.
type bucketRegion struct {
	s3.EndpointResolverV2
	known atomic.Pointer[string] // nil: the client's own
}

// ResolveEndpoint implements [s3.EndpointResolverV2]. The endpoint also says what region calls are signed for.
func (b *bucketRegion) ResolveEndpoint(
	ctx context.Context, params s3.EndpointParameters,
) (smithyendpoints.Endpoint, error) {
	if at := b.known.Load(); at != nil {
		params.Region = at
	}
	return b.EndpointResolverV2.ResolveEndpoint(ctx, params)
}

// repeat repeats a call once the bucket's region is known. The refused one had no effect.
func (b *bucketRegion) repeat(stack *middleware.Stack) error {
	again := middleware.FinalizeMiddlewareFunc("ProvisionBucketRegion", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		untouched, asked := smithyhttp.RequestCloner(in.Request), b.known.Load()
		out, meta, err := next.HandleFinalize(ctx, in)
		request, ok := untouched.(*smithyhttp.Request)
		if !ok || !b.learn(err, aws.ToString(asked)) {
			return out, meta, err
		}
		if err := request.RewindStream(); err != nil {
			return out, meta, err
		}
		return next.HandleFinalize(ctx, middleware.FinalizeInput{Request: request})
	})
	return stack.Finalize.Insert(again, "Retry", middleware.After)
}

// learn says whether an answer tells of another region than the call went to.
func (b *bucketRegion) learn(err error, asked string) bool {
	switch Code(err) {
	case "PermanentRedirect", "AuthorizationHeaderMalformed":
	case "MovedPermanently", "BadRequest": // the same without a body
	default:
		return false
	}
	answer, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok {
		return false
	}
	at := answer.HTTPResponse().Header.Get("X-Amz-Bucket-Region")
	if at == "" || at == asked {
		return false
	}
	b.known.Store(&at)
	return true
}
