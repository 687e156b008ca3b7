package sandbox_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"provision/pkg/sandbox"
)

const imageParameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"

func ssmClient(s *sandbox.Sandbox, region string) *ssm.Client {
	return ssm.NewFromConfig(awsConfig(s, region))
}

// imageIn is the ID of the newest image in a region.
func imageIn(t *testing.T, s *sandbox.Sandbox, region, arch string) string {
	t.Helper()
	out := do(t, ssmClient(s, region).GetParameter, &ssm.GetParameterInput{
		Name: aws.String(imageParameter + arch),
	})
	if !strings.HasPrefix(*out.Parameter.Value, "ami-0") {
		t.Errorf("value %q", *out.Parameter.Value)
	}
	return *out.Parameter.Value
}

func TestImageParameters(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	seen := map[string]string{}
	for _, at := range [][2]string{{"eu-west-1", "x86_64"}, {"eu-west-1", "arm64"}, {"us-east-1", "x86_64"}} {
		id := imageIn(t, s, at[0], at[1])
		if other, ok := seen[id]; ok {
			t.Errorf("%v has the image of %s", at, other)
		}
		seen[id] = at[0] + " " + at[1]
	}
	before := imageIn(t, s, "eu-west-1", "arm64")
	if again := imageIn(t, s, "eu-west-1", "arm64"); again != before {
		t.Errorf("%s, then %s", before, again)
	}
	if err := s.ReleaseImages(sandbox.DefaultAccount, "eu-west-1"); err != nil {
		t.Fatal(err)
	}
	if after := imageIn(t, s, "eu-west-1", "arm64"); after == before {
		t.Errorf("still %s after a release", after)
	}
}

func TestParametersThatAreMissing(t *testing.T) {
	client := ssmClient(sandbox.New(sandbox.Options{}), "eu-west-1")
	refused(t, "ParameterNotFound", client.GetParameter, &ssm.GetParameterInput{Name: aws.String("/own/parameter")})
	out := do(t, client.GetParameters, &ssm.GetParametersInput{
		Names: []string{imageParameter + "arm64", "/own/parameter"},
	})
	if len(out.Parameters) != 1 || len(out.InvalidParameters) != 1 || out.InvalidParameters[0] != "/own/parameter" {
		t.Errorf("found %v, invalid %v", out.Parameters, out.InvalidParameters)
	}
}

func TestParametersByPath(t *testing.T) {
	client := ssmClient(sandbox.New(sandbox.Options{}), "eu-west-1")
	pager := ssm.NewGetParametersByPathPaginator(client, &ssm.GetParametersByPathInput{
		Path: aws.String("/aws/service/ami-amazon-linux-latest"), MaxResults: aws.Int32(3),
	})
	names := map[string]bool{}
	for pager.HasMorePages() {
		for _, p := range must[*ssm.GetParametersByPathOutput](t)(pager.NextPage(t.Context())).Parameters {
			names[*p.Name] = true
		}
	}
	for _, arch := range []string{"x86_64", "arm64"} {
		if !names[imageParameter+arch] {
			t.Errorf("%s is not among %v", imageParameter+arch, names)
		}
	}
	if len(names) <= 3 {
		t.Errorf("only the first page: %v", names)
	}
}
