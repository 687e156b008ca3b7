package lb

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// ListenerAPI is what this file calls.
type ListenerAPI interface {
	TagAPI
	elb.DescribeLoadBalancersAPIClient
	elb.DescribeListenersAPIClient
	CreateListener(context.Context, *elb.CreateListenerInput, ...func(*elb.Options)) (*elb.CreateListenerOutput, error)
	ModifyListener(context.Context, *elb.ModifyListenerInput, ...func(*elb.Options)) (*elb.ModifyListenerOutput, error)
	DeleteListener(context.Context, *elb.DeleteListenerInput, ...func(*elb.Options)) (*elb.DeleteListenerOutput, error)
}

// ListenerState is a listener as observed. Its ID is its ARN.
type ListenerState struct {
	graph.Identity
	LoadBalancerID string
	Port           int32
	Protocol       types.ProtocolEnum
	Certificate    string
	Policy         string
	Action         string // see [Listener]: "forward arn:…" or "redirect HTTPS:443 HTTP_301"
}

// Facts implements [kind.Telling]: what it listens for.
func (o ListenerState) Facts() []string {
	return []string{fmt.Sprintf("%s :%d", o.Protocol, o.Port)}
}

// Listeners is the kind "listener": those of the load balancer of this name.
type Listeners struct {
	API  ListenerAPI
	Name string
}

// ListenerKind is what is known of the kind "listener".
var ListenerKind = kind.Register(kind.Registration{
	Title:    "Listener",
	TaggedAs: kind.NotByEC2,
	After:    []string{"load-balancer"},
	Writes: kind.Writes{
		Create: "elasticloadbalancing:CreateListener", Delete: []string{"elasticloadbalancing:DeleteListener"},
		Update: []kind.Update{tagWrites, {Field: "", Set: []string{"elasticloadbalancing:ModifyListener"}}},
	},
	Actions: kind.Actions{
		Read: []string{
			"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers",
			"elasticloadbalancing:DescribeTags",
		},
		Within: []string{"elasticloadbalancing:CreateListener"},
		Change: []string{
			"elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags", "elasticloadbalancing:DeleteListener",
			"elasticloadbalancing:ModifyListener",
		},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldPort, fieldProtocol, fieldCertificate, fieldPolicy, fieldAction},
		Unread:   []string{"further certificates", "attributes, which add headers", "rules that others added to it, which take a call for each listener"},
	},
	Least: kind.Least{Nested: true},
	Place: kind.Listeners,
}, func(c *cloud.Region, name string) Listeners { return Listeners{API: c.ELB, Name: name} })

// Kind implements [graph.Kind].
func (Listeners) Kind() string { return "listener" }

// GoesWith implements [graph.Tied].
func (Listeners) GoesWith() string { return LoadBalancers{}.Kind() }

// Pace implements [graph.Kind].
func (Listeners) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: a load balancer has one listener on a port.
func (Listeners) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k Listeners) List(ctx context.Context, s *graph.Look) ([]ListenerState, error) {
	return graph.Once(ctx, s, "listeners", func(ctx context.Context) ([]ListenerState, error) {
		list := func(ctx context.Context) ([]ListenerState, error) {
			if s.Only != nil {
				return k.describe(ctx, &elb.DescribeListenersInput{ListenerArns: s.Only})
			}
			return k.ofBalancers(ctx, s)
		}
		return withTags(ctx, s, k.API, list, func(o *ListenerState) *graph.Identity { return &o.Identity })
	})
}

// ofBalancers starts at once for a load balancer that the journal knows.
func (k Listeners) ofBalancers(ctx context.Context, s *graph.Look) ([]ListenerState, error) {
	var bound errgroup.Group
	for _, arn := range s.Bound[k.GoesWith()] {
		bound.Go(func() error { _, err := k.of(ctx, s, arn); return err })
	}
	balancers, err := describeLoadBalancers(ctx, s, k.API, k.Name)
	if waitErr := bound.Wait(); err == nil {
		err = waitErr
	}
	var found []ListenerState
	for _, balancer := range balancers {
		if err != nil {
			break
		}
		var some []ListenerState
		some, err = k.of(ctx, s, balancer.ID)
		found = append(found, some...)
	}
	return found, err
}

func (k Listeners) of(ctx context.Context, s *graph.Look, balancer string) ([]ListenerState, error) {
	return graph.Once(ctx, s, "listeners of "+balancer, func(ctx context.Context) ([]ListenerState, error) {
		return k.describe(ctx, &elb.DescribeListenersInput{LoadBalancerArn: aws.String(balancer)})
	})
}

func (k Listeners) describe(ctx context.Context, in *elb.DescribeListenersInput) ([]ListenerState, error) {
	var found []ListenerState
	for pages := elb.NewDescribeListenersPaginator(k.API, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, cloud.IgnoreNotFound(err)
		}
		for _, listener := range page.Listeners {
			found = append(found, observeListener(listener))
		}
	}
	return found, nil
}

// Within implements [graph.Within]: a listener that others added is a part of the load balancer.
func (Listeners) Within(o ListenerState) (id string, as graph.Change) {
	return o.LoadBalancerID, graph.Change{
		Field: fmt.Sprintf("%s%s :%d", reportedListener, o.Protocol, o.Port), From: o.Action,
	}
}

// Phase implements [graph.Kind].
func (Listeners) Phase(ListenerState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind].
func (k Listeners) Delete(ctx context.Context, o ListenerState) error {
	_, err := k.API.DeleteListener(ctx, &elb.DeleteListenerInput{ListenerArn: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}

func observeListener(listener types.Listener) ListenerState {
	o := ListenerState{
		Identity:       graph.Identity{ID: aws.ToString(listener.ListenerArn)},
		LoadBalancerID: aws.ToString(listener.LoadBalancerArn),
		Port:           aws.ToInt32(listener.Port),
		Protocol:       listener.Protocol,
		Policy:         aws.ToString(listener.SslPolicy),
		Action:         describeAction(listener.DefaultActions),
	}
	if len(listener.Certificates) > 0 {
		o.Certificate = aws.ToString(listener.Certificates[0].CertificateArn)
	}
	return o
}
