package compute

import (
	"maps"
	"testing"

	"provision/pkg/graph"
	"provision/pkg/graph/graphtest"
)

// labels are the tags that the things in these tests want to have and have.
func labels() map[string]string { return map[string]string{"team": "platform"} }

func meta(key graph.Key) graph.Meta {
	return graph.Meta{Is: key, Labels: graph.Tags{Want: labels(), Drop: []string{"old"}}}
}

// known are the things that exist in the tests of what is pure, the template with these outputs.
func known(t *testing.T, template map[string]string) func(graph.Key) graph.Ref {
	t.Helper()
	thing := func(id string) graphtest.Thing { return graphtest.Thing{Identity: graph.Identity{ID: id}} }
	return graphtest.Refs(t, map[graph.Key]graphtest.Thing{
		"subnet/a":           thing("subnet-1"),
		"subnet/b":           thing("subnet-2"),
		"security-group/app": thing("sg-1"),
		"target-group":       thing("arn:targets"),
		"launch-template":    {Identity: graph.Identity{ID: "lt-1"}, Out: template},
	})
}

func launchTemplate(ref func(graph.Key) graph.Ref) LaunchTemplate {
	return LaunchTemplate{
		Meta: meta("launch-template"), Name: "provision-web", AMI: "ami-1", InstanceType: "t3.micro",
		InstanceProfile: "provision-web", SecurityGroup: ref("security-group/app"), UserData: "#!/bin/sh", VolumeGB: 8,
		InstanceTags: labels(),
	}
}

// tagged are the labels and a template's note.
func tagged(n Note) map[string]string {
	tags := maps.Clone(labels())
	tags[TagNote] = n.String()
	return tags
}
