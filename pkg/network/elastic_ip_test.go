package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

func TestElasticIPObserved(t *testing.T) {
	got := observeElasticIP(types.Address{
		AllocationId: aws.String("eipalloc-1"), PublicIp: aws.String("192.0.2.1"),
		Tags: cloud.EC2Tags(ownTags("elastic-ip/a")),
	})
	want := ElasticIPState{
		Identity: graph.Identity{ID: "eipalloc-1", Tags: ownTags("elastic-ip/a")}, PublicIP: "192.0.2.1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{OutputPublicIP: "192.0.2.1"}, got.Outputs()); diff != "" {
		t.Errorf("Outputs() (-want +got):\n%s", diff)
	}
	wish := ElasticIP{Meta: meta("elastic-ip/a")}
	if changes := wish.Diff(got); len(changes) > 0 {
		t.Errorf("Diff() = %v", changes)
	}
}
