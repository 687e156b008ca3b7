package kind_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// bucketState and buckets are a kind, for the tests.
type bucketState struct{ graph.Identity }

type buckets struct{ stack string }

func (buckets) Kind() string { return "bucket" }

func (buckets) List(context.Context, *graph.Look) ([]bucketState, error) { return nil, nil }

func (buckets) Phase(bucketState) (graph.Phase, string) { return graph.Ready, "" }

func (buckets) Delete(context.Context, bucketState) error { return nil }

func (buckets) Pace() graph.Pace { return graph.Pace{} }

// objects go with their bucket, several at once.
type objectState struct{ graph.Identity }

type objects struct{ buckets }

func (objects) Kind() string { return "object" }

func (objects) GoesWith() string { return "bucket" }

func (objects) List(context.Context, *graph.Look) ([]objectState, error) { return nil, nil }

func (objects) Phase(objectState) (graph.Phase, string) { return graph.Ready, "" }

func (objects) Delete(context.Context, objectState) error { return nil }

func (objects) DeleteTogether(context.Context, []objectState) (map[string]error, error) {
	return nil, nil
}

// halves is a kind that is never registered whole.
type halves struct{ buckets }

func (halves) Kind() string { return "half" }

// whole is a registration that lacks nothing.
func whole() kind.Registration {
	return kind.Registration{
		Title: "Bucket", TaggedAs: kind.NotByEC2, Place: kind.Apart,
		Writes: kind.Writes{
			Create: "s3:CreateBucket", Delete: []string{"s3:DeleteBucket"},
			Update: []kind.Update{kind.Tagging("s3:PutBucketTagging", "s3:DeleteBucketTagging")},
		},
		Actions: kind.Actions{
			Read: []string{"s3:ListBuckets"}, Create: []string{"s3:CreateBucket"}, Made: []string{"s3:::{name}"},
			Change: []string{"s3:DeleteBucket", "s3:PutBucketTagging", "s3:DeleteBucketTagging"},
		},
	}
}

func inStack(_ *cloud.Region, stack string) buckets { return buckets{stack} }

var (
	bucketKind = kind.Register(whole(), inStack)
	objectKind = kind.Register(whole(), func(*cloud.Region, string) objects { return objects{} })
)

// The registration has what the kind's type says, and finds it again by name and by what was observed.
func TestRegisterReadsTheType(t *testing.T) {
	if got := bucketKind.In(nil, "web").stack; got != "web" {
		t.Errorf("bound to %q, want web", got)
	}
	for _, c := range []struct {
		of       kind.Registration
		name     string
		with     string
		together bool
	}{{bucketKind.Registration, "bucket", "", false}, {objectKind.Registration, "object", "bucket", true}} {
		if c.of.Name() != c.name || c.of.GoesWith() != c.with || c.of.Together() != c.together {
			t.Errorf("got %q, with %q, together %t", c.of.Name(), c.of.GoesWith(), c.of.Together())
		}
		if got := kind.Named(c.name).Name(); got != c.name {
			t.Errorf("Named(%q) is %q", c.name, got)
		}
	}
	tagged := graph.Step{Key: "bucket/any", Observed: objectState{}}
	if got := kind.OfStep(tagged).Name(); got != "object" {
		t.Errorf("an object whose tag says bucket is of kind %q", got)
	}
	if got := kind.OfStep(graph.Step{Key: "bucket/new"}).Name(); got != "bucket" {
		t.Errorf("a bucket that is not there yet is of kind %q", got)
	}
	var names []string
	for _, r := range kind.Registered() {
		names = append(names, r.Name())
	}
	if diff := cmp.Diff([]string{"bucket", "object"}, names); diff != "" {
		t.Errorf("registered (-want +got):\n%s", diff)
	}
}

// A program with half a kind does not start.
func TestRegisterPanics(t *testing.T) {
	for name, c := range map[string]struct {
		do   func()
		want string
	}{
		"twice": {func() { kind.Register(whole(), inStack) }, `kind "bucket" is registered twice`},
		"incomplete": {func() {
			r := whole()
			r.Title, r.Writes.Delete = "", nil
			kind.Register(r, func(*cloud.Region, string) halves { return halves{} })
		}, `kind "half" lacks a title, the call that deletes it`},
		"unknown": {func() { kind.Named("buckett") }, `kind "buckett" is not registered`},
		"a change that nothing makes": {
			func() { whole().Writes.Of(graph.Change{Field: "region"}) },
			`no call changes "region" of what s3:CreateBucket creates`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := panicOf(c.do); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
	if names := fmt.Sprint(kind.Registered()); strings.Contains(names, "half") {
		t.Error("what was refused is known")
	}
}

func panicOf(do func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	do()
	return ""
}
