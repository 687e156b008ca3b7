package compute

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func TestLaunchTemplateDiff(t *testing.T) {
	ref := known(t, nil)
	current := Note{Version: 2, Since: 1, Contents: launchTemplate(ref).contents()}
	for name, tc := range map[string]struct {
		wish func(*LaunchTemplate)
		have func(*LaunchTemplateState)
		want []graph.Change
	}{
		"as wanted": {},
		"another image and type": {
			wish: func(r *LaunchTemplate) { r.AMI, r.InstanceType = "ami-2", "t4g.micro" },
			want: []graph.Change{
				{Field: "launch image", From: "ami-1", To: "ami-2"},
				{Field: "launch type", From: "t3.micro", To: "t4g.micro"},
			},
		},
		"another script": {
			wish: func(r *LaunchTemplate) { r.UserData = "#!/bin/bash" },
			want: []graph.Change{{Field: "launch script", From: digest("#!/bin/sh"), To: digest("#!/bin/bash")}},
		},
		"a group that is not made yet": {
			wish: func(r *LaunchTemplate) { r.SecurityGroup = ref("security-group/new") },
			want: []graph.Change{{
				Field: "launch group", From: "sg-1", To: "security-group/new", After: "security-group/new",
			}},
		},
		"somebody's later version": {have: func(o *LaunchTemplateState) { o.Latest = 7 }},
		"another default": {
			have: func(o *LaunchTemplateState) { o.Default = 1 },
			want: []graph.Change{{Field: "defaultVersion", From: "1", To: "2"}},
		},
		"the version deleted": {
			have: func(o *LaunchTemplateState) { o.Latest, o.Default = 1, 1 },
			want: []graph.Change{{Field: "launch version", From: "deleted", To: "created again"}},
		},
		"a tag lost": {
			have: func(o *LaunchTemplateState) { delete(o.Tags, "team") },
			want: []graph.Change{{Field: "tag team", To: "platform"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := launchTemplate(ref)
			o := LaunchTemplateState{
				Identity: graph.Identity{ID: "lt-1", Tags: tagged(current)}, Latest: 2, Default: 2, Note: current,
			}
			if tc.wish != nil {
				tc.wish(&r)
			}
			if tc.have != nil {
				tc.have(&o)
			}
			if diff := cmp.Diff(tc.want, r.Diff(o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A template whose note was lost gets a version with everything in it, whatever its versions hold.
func TestLaunchTemplateWithoutNote(t *testing.T) {
	r := launchTemplate(known(t, nil))
	changes := r.Diff(LaunchTemplateState{Identity: graph.Identity{ID: "lt-1", Tags: labels()}, Latest: 4, Default: 4})
	if words := strings.Fields(r.contents()); len(changes) != len(words) {
		t.Errorf("got %d changes, want one for each of %d words: %v", len(changes), len(words), changes)
	}
}

// Instances are not replaced for the sake of a tag.
func TestReplaces(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*LaunchTemplate)
		want   bool
	}{
		"nothing": {func(*LaunchTemplate) {}, false},
		"a tag":   {func(r *LaunchTemplate) { r.InstanceTags = map[string]string{"team": "web"} }, false},
		"type":    {func(r *LaunchTemplate) { r.InstanceType = "t3.small" }, true},
		"volume and a tag": {func(r *LaunchTemplate) {
			r.VolumeGB, r.InstanceTags = 16, map[string]string{"team": "web"}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := launchTemplate(known(t, nil))
			contents := r.contents()
			tc.change(&r)
			if got := replaces(r.dataChanges(contents)); got != tc.want {
				t.Errorf("got %t, want %t", got, tc.want)
			}
		})
	}
}

// The rules that no wish changes.
func TestLaunchData(t *testing.T) {
	data := launchTemplate(known(t, nil)).data()
	if got := data.MetadataOptions.HttpTokens; got != types.LaunchTemplateHttpTokensStateRequired {
		t.Errorf("metadata is given %q tokens", got)
	}
	if got := aws.ToInt32(data.MetadataOptions.HttpPutResponseHopLimit); got != 1 {
		t.Errorf("metadata goes %d hops", got)
	}
	if len(data.BlockDeviceMappings) != 1 {
		t.Fatalf("got %d volumes", len(data.BlockDeviceMappings))
	}
	volume := data.BlockDeviceMappings[0].Ebs
	if !aws.ToBool(volume.Encrypted) || volume.VolumeType != types.VolumeTypeGp3 || !aws.ToBool(volume.DeleteOnTermination) {
		t.Errorf("the root volume is %+v", volume)
	}
	if data.KeyName != nil || data.NetworkInterfaces != nil {
		t.Errorf("there is a key pair or a network interface with settings of its own")
	}
	script, err := base64.StdEncoding.DecodeString(aws.ToString(data.UserData))
	if err != nil || string(script) != "#!/bin/sh" {
		t.Errorf("the user data is %q, %v", script, err)
	}
	tagged := map[types.ResourceType]int{}
	for _, spec := range data.TagSpecifications {
		tagged[spec.ResourceType] = len(spec.Tags)
	}
	want := map[types.ResourceType]int{"instance": 1, "volume": 1, "network-interface": 1}
	if diff := cmp.Diff(want, tagged); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

// The same step has the same token, the way back has another one.
func TestVersionToken(t *testing.T) {
	r := launchTemplate(known(t, nil))
	o := LaunchTemplateState{Identity: graph.Identity{ID: "lt-1"}, Note: Note{Version: 1}}
	first := r.versionToken(o)
	o.Latest = 9 // a version that was made, and whose note was not
	if again := r.versionToken(o); again != first {
		t.Errorf("a repeat has another token: %s, %s", first, again)
	}
	o.Note.Version = 2
	if later := r.versionToken(o); later == first {
		t.Errorf("a later step has the same token %s", later)
	}
}
