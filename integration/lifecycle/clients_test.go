package lifecycle

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func (w *world) in(region string) aws.Config {
	config := w.config.Copy()
	config.Region = region
	return config
}

func (w *world) ec2(region string) *ec2.Client { return ec2.NewFromConfig(w.in(region)) }

func (w *world) groups(region string) *autoscaling.Client {
	return autoscaling.NewFromConfig(w.in(region))
}

func (w *world) balancing(region string) *elbv2.Client { return elbv2.NewFromConfig(w.in(region)) }

// must returns the result of a call that a test makes itself.
func must[T any](w *world, out T, err error) T {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// one is the only thing of its kind that was made in a region, by its ID.
func (w *world) one(region, kind string) string {
	w.t.Helper()
	found := w.made().In(region).Of(kind).IDs()
	if len(found) != 1 {
		w.t.Fatalf("%s: %d of kind %s, want one: %v", region, len(found), kind, found)
	}
	return found[0]
}
