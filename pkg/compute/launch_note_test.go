package compute

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNoteRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Note{
			Version:  rapid.Int64Range(0, 1e6).Draw(t, "version"),
			Since:    rapid.Int64Range(0, 1e6).Draw(t, "since"),
			Contents: strings.Join(rapid.SliceOf(rapid.StringMatching(`[a-z]+=[a-z0-9./-]*`)).Draw(t, "contents"), " "),
		}
		if diff := cmp.Diff(want, parseNote(want.String())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A description tells what the note told, once the version has its number.
func TestNoteAsDescription(t *testing.T) {
	for name, want := range map[string]Note{
		"replaces instances": {Version: 7, Since: 7, Contents: "image=ami-1 type=t3.micro"},
		"tags only":          {Version: 7, Since: 4, Contents: "image=ami-1 type=t3.micro"},
	} {
		version := types.LaunchTemplateVersion{
			VersionNumber: aws.Int64(7), VersionDescription: aws.String(want.description()),
		}
		got, ok := noteOf(version)
		if !ok || got != want {
			t.Errorf("%s: got %+v, %t; want %+v", name, got, ok, want)
		}
		if image := got.Image(); image != "ami-1" {
			t.Errorf("%s: launches the image %q", name, image)
		}
	}
	theirs := types.LaunchTemplateVersion{VersionNumber: aws.Int64(7), VersionDescription: aws.String("try t3.large")}
	if got, ok := noteOf(theirs); ok {
		t.Errorf("somebody's description is read as %+v", got)
	}
}

func FuzzParseNote(f *testing.F) {
	f.Add("version=3 since=1 image=ami-1")
	f.Add("version= since=1")
	f.Add("since=1 version=3")
	f.Fuzz(func(t *testing.T, text string) {
		n := parseNote(text)
		if n != (Note{}) && parseNote(n.String()) != n {
			t.Errorf("%q is read as %+v, and written differently", text, n)
		}
	})
}

func TestNoteUnreadable(t *testing.T) {
	for _, text := range []string{"", "version=1", "version=x since=1 image=ami-1", "image=ami-1 version=1 since=1"} {
		if got := parseNote(text); got != (Note{}) {
			t.Errorf("%q: got %+v, want nothing", text, got)
		}
	}
}

// A tag's value has room for 256 characters of a small alphabet (EC2 user guide, "Tag restrictions").
func TestNoteFitsATag(t *testing.T) {
	r := launchTemplate(known(t, nil))
	r.AMI = "ami-0123456789abcdef0"
	r.InstanceType = "u7inh-32tb.480xlarge"
	r.InstanceProfile = "provision-" + strings.Repeat("x", 21)
	r.VolumeGB, r.RootDevice = 65536, "/dev/sda1"
	const longGroup = "sg-0123456789abcdef0"
	contents := strings.Replace(r.contents(), "sg-1", longGroup, 1)
	text := Note{Version: 10000, Since: 10000, Contents: contents}.String()
	if len(text) > 256 {
		t.Errorf("%d characters: %s", len(text), text)
	}
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 +-=._:/@"
	if bad := strings.Trim(text, allowed); bad != "" {
		t.Errorf("a tag can't hold %q", bad)
	}
}
