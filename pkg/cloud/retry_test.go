package cloud

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// answerer is an HTTP client that always answers alike.
type answerer func() (*http.Response, error)

// Do implements [aws.HTTPClient].
func (a answerer) Do(*http.Request) (*http.Response, error) { return a() }

// Reads are repeated, longer where there is an answer; writes only after a throttle, which had no effect.
func TestAttempts(t *testing.T) {
	answer := func(status int, code string) answerer {
		body := "<Response><Errors><Error><Code>" + code + "</Code><Message>no</Message></Error></Errors></Response>"
		return func() (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
		}
	}
	silence := answerer(func() (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	for name, tc := range map[string]struct {
		client        answerer
		reads, writes int // attempts of a read, and of a write
	}{
		"throttled":   {answer(http.StatusServiceUnavailable, "RequestLimitExceeded"), readAttempts, writeAttempts},
		"broken":      {answer(http.StatusInternalServerError, "InternalError"), readAttempts, 1},
		"no answer":   {silence, unansweredAttempts, 1},
		"no right to": {answer(http.StatusForbidden, "UnauthorizedOperation"), 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				c, err := Open(t.Context(), Options{
					Instead: &Stand{Client: tc.client, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")},
					Observe: func(Call) { attempts++ },
				})
				if err != nil {
					t.Fatal(err)
				}
				api := c.Region("eu-west-1").EC2
				_, readErr := api.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
				reads := attempts
				_, writeErr := api.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
				if writes := attempts - reads; reads != tc.reads || writes != tc.writes {
					t.Errorf("%d attempts of a read and %d of a write, want %d and %d", reads, writes, tc.reads, tc.writes)
				}
				if readErr == nil || writeErr == nil {
					t.Error(errors.Join(readErr, writeErr), "is the error of calls that all failed")
				}
			})
		})
	}
}
