package compute_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/compute"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

func TestImageParameter(t *testing.T) {
	const newest = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
	for _, tc := range []struct{ spec, instanceType, want string }{
		{"al2023", "t3.micro", newest + "x86_64"},
		{"al2023", "t4g.micro", newest + "arm64"},
		{"ssm:/golden/web", "t3.micro", "/golden/web"},
		{"ami-0123456789abcdef0", "t3.micro", ""},
	} {
		if got := compute.ImageParameter(tc.spec, tc.instanceType); got != tc.want {
			t.Errorf("%s for %s: got %q, want %q", tc.spec, tc.instanceType, got, tc.want)
		}
	}
}

func TestAMIScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.New(t, sandbox.Options{})
		images := map[string]bool{}
		for _, instanceType := range []string{"t3.micro", "t4g.micro"} {
			id, err := compute.AMI(t.Context(), s.SSM, "al2023", instanceType)
			if err != nil || !strings.HasPrefix(id, "ami-") {
				t.Errorf("the image for %s is %q, %v", instanceType, id, err)
			}
			images[id] = true
		}
		if len(images) != 2 {
			t.Errorf("two architectures have the images %v", images)
		}
		if id, err := compute.AMI(t.Context(), s.SSM, "ami-1", "t3.micro"); err != nil || id != "ami-1" {
			t.Errorf("an ID stands for %q, %v", id, err)
		}
	})
}

func TestAMIFromBadParameterScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.New(t, sandbox.Options{})
		if _, err := compute.AMI(t.Context(), s.SSM, "ssm:/none", "t3.micro"); err == nil ||
			!strings.Contains(err.Error(), "the SSM parameter /none") {
			t.Errorf("a parameter that is not there: %v", err)
		}
	})
	for _, answer := range []*ssm.GetParameterOutput{
		{},
		{Parameter: &types.Parameter{}},
		{Parameter: &types.Parameter{Value: aws.String("s3cret")}},
		{Parameter: &types.Parameter{Value: aws.String("ami-s3cret")}},
		{Parameter: &types.Parameter{Value: aws.String("ami-0123456789abcdef0 s3cret")}},
	} {
		_, err := compute.AMI(t.Context(), answers{answer}, "ssm:/golden", "t3.micro")
		if err == nil || !strings.Contains(err.Error(), "/golden does not hold") || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("a parameter that holds no image, whose value is not to be shown: %v", err)
		}
	}
}

// answers is a parameter store with one answer, which a sandbox never gives.
type answers struct{ out *ssm.GetParameterOutput }

func (a answers) GetParameter(
	context.Context, *ssm.GetParameterInput, ...func(*ssm.Options),
) (*ssm.GetParameterOutput, error) {
	return a.out, nil
}

func TestChooseZonesScenario(t *testing.T) {
	for name, tc := range map[string]struct {
		recorded    []string
		least, most int
		want        []string
		calls       int
	}{
		"the first ones":               {nil, 2, 2, []string{"euw1-az1", "euw1-az2"}, 2},
		"all":                          {nil, 3, 3, []string{"euw1-az1", "euw1-az2", "euw1-az3"}, 2},
		"recorded ones stay":           {[]string{"euw1-az3", "euw1-az1"}, 2, 2, []string{"euw1-az3", "euw1-az1"}, 0},
		"recorded ones come first":     {[]string{"euw1-az3"}, 2, 2, []string{"euw1-az3", "euw1-az1"}, 2},
		"as many as there are":         {nil, 2, 5, []string{"euw1-az1", "euw1-az2", "euw1-az3"}, 2},
		"recorded ones are enough":     {[]string{"euw1-az3", "euw1-az1"}, 2, 3, []string{"euw1-az3", "euw1-az1"}, 0},
		"the last recorded one is off": {[]string{"euw1-az3", "euw1-az1"}, 1, 1, []string{"euw1-az3"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.New(t, sandbox.Options{})
				got, err := compute.ChooseZones(t.Context(), s.EC2, compute.ZoneWish{
					InstanceType: "t3.micro", Recorded: tc.recorded, Least: tc.least, Most: tc.most, Slots: 6,
				})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if calls := len(s.Sandbox.Calls()); calls != tc.calls {
					t.Errorf("%d calls, want %d", calls, tc.calls)
				}
			})
		})
	}
}

func TestTooFewZonesScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.New(t, sandbox.Options{})
		_, err := compute.ChooseZones(t.Context(), s.EC2, compute.ZoneWish{InstanceType: "t3.micro", Least: 6, Most: 6, Slots: 6})
		few, ok := errors.AsType[*compute.ZonesError](err)
		if !ok {
			t.Fatalf("got %v, want an error that says how many zones there are", err)
		}
		want := "the settings ask for 6 availability zones, but t3.micro is offered in 3: euw1-az1, euw1-az2, euw1-az3 " +
			"(the region's zones are euw1-az1, euw1-az2, euw1-az3); choose another instance type or fewer zones"
		if few.Error() != want {
			t.Errorf("got  %s\nwant %s", few, want)
		}
		if _, err := compute.ChooseZones(t.Context(), s.EC2, compute.ZoneWish{InstanceType: "x9.huge", Least: 2, Most: 3, Slots: 6}); err == nil ||
			!strings.Contains(err.Error(), "x9.huge is offered in 0: none") {
			t.Errorf("an instance type that there is not: %v", err)
		}
	})
}
