package contract

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// inMemory sends requests whose bodies are in memory as a whole. The SDK closes the body of a request as soon as the
// answer starts. On a busy machine, with a quick answer, net/http has not yet checked whether the body has ended; it
// treats the closed body as a failure, and closes the connection before the answer is read.
type inMemory struct{ aws.HTTPClient }

// Do implements [aws.HTTPClient].
func (c inMemory) Do(req *http.Request) (*http.Response, error) {
	if req.Body == nil {
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
