package cloud_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"provision/pkg/cloud"
	"provision/pkg/config"
)

// For every region that a stack can use, the settings' checks and the SDK agree on the parts of ARNs and endpoints.
func TestPartitionsOfAllRegions(t *testing.T) {
	for _, region := range config.KnownRegions() {
		if got, want := cloud.Partition(region), config.Partition(region); got != want {
			t.Errorf("%s is in %s, and by its settings in %s", region, got, want)
		}
		if got, want := host(t, ssmEndpoint, region), "ssm."+region+"."+cloud.DNSSuffix(region); got != want {
			t.Errorf("%s: Systems Manager is at %s, not at %s", region, got, want)
		}
		home := cloud.Home(region)
		if got, want := host(t, iamEndpoint, home), host(t, iamEndpoint, region); got != want {
			t.Errorf("%s: IAM is at %s, not at %s", region, want, got)
		}
	}
}

func host(t *testing.T, endpoint func(context.Context, string) (url.URL, error), region string) string {
	t.Helper()
	at, err := endpoint(t.Context(), region)
	if err != nil {
		t.Fatal(err)
	}
	return at.Host
}

func ssmEndpoint(ctx context.Context, region string) (url.URL, error) {
	at, err := ssm.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, ssm.EndpointParameters{Region: aws.String(region)})
	return at.URI, err
}

func iamEndpoint(ctx context.Context, region string) (url.URL, error) {
	at, err := iam.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, iam.EndpointParameters{Region: aws.String(region)})
	return at.URI, err
}
