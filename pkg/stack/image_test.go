package stack_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

const ubuntu = "ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"

// volumes are those of the stack's instances.
func (w *world) volumes(t *testing.T) []types.Volume {
	t.Helper()
	out, err := ec2.NewFromConfig(w.config()).DescribeVolumes(t.Context(), &ec2.DescribeVolumesInput{Filters: []types.Filter{
		{Name: aws.String("tag:provision:stack"), Values: []string{"web"}},
		{Name: aws.String("status"), Values: []string{"in-use"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Volumes
}

// An image that is not Amazon Linux has its root volume elsewhere: that one is encrypted, and there is no other.
func TestRootVolumeOfAnotherImage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		for _, ami := range []string{"al2023", ubuntu, "al2023"} {
			w.settings(t, "version: 1\ndefaults: {compute: {ami: \""+ami+"\"}}\n")
			if _, err := w.up(t.Context()); err != nil {
				t.Fatalf("%s: %v", ami, err)
			}
			time.Sleep(5 * time.Minute) // until those that were replaced are gone
			want := "/dev/xvda"
			if ami == ubuntu {
				want = "/dev/sda1"
			}
			volumes := w.volumes(t)
			if len(volumes) != 2 {
				t.Errorf("%s: two instances have %d volumes", ami, len(volumes))
			}
			for _, v := range volumes {
				if at := *v.Attachments[0].Device; at != want || !*v.Encrypted {
					t.Errorf("%s: a volume at %s, encrypted: %t", ami, at, *v.Encrypted)
				}
			}
			w.calls.reset()
			if _, err := w.plan(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, calls := w.calls.in("eu-west-1"); strings.Contains(calls, "DescribeImages") {
				t.Errorf("%s: a pinned image is looked at again:\n%s", ami, calls)
			}
		}
	})
}

// Settings that do not match the image are refused before anything is created.
func TestImageThatDoesNotSuit(t *testing.T) {
	for name, compute := range map[string]string{
		"it is for x86_64, and compute.type, t4g.micro, is arm64": "{type: t4g.micro, ami: \"" + ubuntu + "\"}",
		"InvalidAMIID.NotFound":                                   "{ami: ami-0123456789abcdef0}",
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{}, "eu-west-1")
			w.settings(t, "version: 1\noverrides: {eu-west-1: {compute: "+compute+"}}\n")
			if _, err := w.plan(t.Context()); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("want %q, got %v", name, err)
			}
			if w.calls.writes > 0 {
				t.Errorf("%s: %d calls changed something", name, w.calls.writes)
			}
		})
	}
}
