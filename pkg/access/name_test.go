package access

import "testing"

func TestNameOf(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:role/provision-web":                    "provision-web",
		"arn:aws:iam::123456789012:instance-profile/division/provision-a": "provision-a",
		"provision-web": "provision-web",
	} {
		if got := nameOf(arn); got != want {
			t.Errorf("%s: got %q, want %q", arn, got, want)
		}
	}
}
