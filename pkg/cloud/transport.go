package cloud

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

const (
	attemptTimeout = time.Minute // of one attempt; a call that takes longer is taken for lost
	idlePerHost    = 64          // a region's first wave is about twenty calls to one host
)

// pool keeps the connections of all regions.
func pool() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTimeout(attemptTimeout).WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns = 0
		t.MaxIdleConnsPerHost = idlePerHost
	})
}

// inMemory sends requests whose bodies net/http knows to be in memory. The SDK closes a request's body as soon as the
// answer starts. On a busy machine, with a quick answer, net/http has not seen the end of the body by then; it treats
// the closed body as a failed write, and closes the connection before the answer is read. That answer would be lost,
// and with it the ID of a new resource.
type inMemory struct{ aws.HTTPClient }

// Do implements [aws.HTTPClient].
func (c inMemory) Do(req *http.Request) (*http.Response, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return c.HTTPClient.Do(req)
	}
	body, err := io.ReadAll(req.Body)
	if err := errors.Join(err, req.Body.Close()); err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Body = io.NopCloser(bytes.NewReader(body))
	return c.HTTPClient.Do(req)
}
