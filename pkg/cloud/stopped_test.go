package cloud_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/cloud"
)

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func TestACallThatIsCutOffSaysWhy(t *testing.T) {
	why := errors.New("somebody had enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	silent := doer(func(r *http.Request) (*http.Response, error) {
		cancel(why)
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	aws, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
		Client: silent, Credentials: credentials.NewStaticCredentialsProvider("123456789012", "secret", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = aws.Region("eu-west-1").EC2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	if !errors.Is(err, why) || errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, why)
	}
}
