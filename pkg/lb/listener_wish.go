package lb

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
)

// Listener is the wish for one: it forwards to the target group or, with RedirectTo, sends clients to HTTPS.
type Listener struct {
	Listeners
	graph.Meta
	LoadBalancer graph.Ref
	Port         int32
	Certificate  string    // its ARN makes this an HTTPS listener
	TargetGroup  graph.Ref // unless RedirectTo is set
	RedirectTo   int32     // the HTTPS port
	Redirected   graph.Ref // the HTTPS listener, which must answer before clients are sent to it
	LetsIn       graph.Ref // the load balancer's security group, whose rules a listener to redirect to needs; zero: no matter
}

const (
	fieldPort, fieldProtocol = "port", "protocol"
	fieldCertificate         = "certificate"
	fieldPolicy              = "sslPolicy"
	fieldAction              = "defaultActions"

	reportedListener = "listener " // of a load balancer
)

// modified are the fields that one call changes.
var modified = []string{fieldPort, fieldProtocol, fieldCertificate, fieldPolicy, fieldAction}

// tlsPolicy is what AWS recommends: TLS 1.3, and 1.2 for those who lack it (Application Load Balancer guide, "Security
// policies for your Application Load Balancer").
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"

// Needs implements [graph.Resource]. The load balancer need not be active.
func (r Listener) Needs() []graph.Need {
	needs := []graph.Need{r.LoadBalancer.Made()}
	if r.LetsIn.Key() != "" {
		needs = append(needs, r.LetsIn.Ready())
	}
	if r.RedirectTo != 0 && r.Redirected.Key() != "" {
		needs = append(needs, r.Redirected.Ready().ThenUpdate())
	}
	if r.RedirectTo == 0 {
		needs = append(needs, r.TargetGroup.Made(), r.TargetGroup.Made().ThenUpdate())
	}
	return needs
}

// Diff implements [graph.Resource].
func (r Listener) Diff(o ListenerState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	want := r.wanted()
	compare := func(field, from, to string) {
		if from != to {
			changes = append(changes, graph.Change{Field: field, From: from, To: to})
		}
	}
	compare(fieldPort, strconv.Itoa(int(o.Port)), strconv.Itoa(int(want.Port)))
	compare(fieldProtocol, string(o.Protocol), string(want.Protocol))
	compare(fieldCertificate, o.Certificate, want.Certificate)
	if want.Policy != "" { // without TLS there is none, though LocalStack shows one
		compare(fieldPolicy, o.Policy, want.Policy)
	}
	if o.Action != want.Action {
		change := graph.Change{Field: fieldAction, From: o.Action, To: want.Action}
		if r.RedirectTo == 0 && r.TargetGroup.ID() == "" {
			change.After = r.TargetGroup.Key()
		}
		if r.RedirectTo != 0 {
			change.After = r.Redirected.Key()
		}
		changes = r.together(append(changes, change))
	}
	return changes
}

// together lets all that one ModifyListener changes wait for what its action, the last of the changes, waits for.
func (Listener) together(changes []graph.Change) []graph.Change {
	after := changes[len(changes)-1].After
	for i, c := range changes {
		if slices.Contains(modified, c.Field) {
			changes[i].After = after
		}
	}
	return changes
}

// Create implements [graph.Resource].
func (r Listener) Create(ctx context.Context, c graph.Claim) (ListenerState, error) {
	in := &elb.CreateListenerInput{
		LoadBalancerArn: aws.String(r.LoadBalancer.ID()),
		Port:            aws.Int32(r.Port),
		Protocol:        r.wanted().Protocol,
		DefaultActions:  r.actions(),
		Tags:            tagList(c.Tags),
	}
	in.Certificates, in.SslPolicy = r.tls()
	out, err := r.API.CreateListener(ctx, in)
	if err != nil {
		return ListenerState{}, err
	}
	o := observeListener(out.Listeners[0])
	o.Tags = c.Tags
	return o, nil
}

// Update implements [graph.Resource].
func (r Listener) Update(ctx context.Context, o ListenerState, changes []graph.Change) (ListenerState, error) {
	var calls errgroup.Group
	now, identity := o, o.Identity
	calls.Go(func() (err error) {
		identity, err = retag(ctx, r.API, o.Identity, r.Labels, changes)
		return err
	})
	if slices.ContainsFunc(modified, func(field string) bool { return graph.Has(changes, field) }) {
		now = r.wanted()
		calls.Go(func() error { return r.modify(ctx, o.ID) })
	}
	if err := calls.Wait(); err != nil {
		return o, err
	}
	now.Identity = identity
	return now, nil
}

func (r Listener) modify(ctx context.Context, arn string) error {
	in := &elb.ModifyListenerInput{
		ListenerArn:    aws.String(arn),
		Port:           aws.Int32(r.Port),
		Protocol:       r.wanted().Protocol,
		DefaultActions: r.actions(),
	}
	in.Certificates, in.SslPolicy = r.tls()
	_, err := r.API.ModifyListener(ctx, in)
	return err
}

// wanted is the listener as it would be observed.
func (r Listener) wanted() ListenerState {
	want := ListenerState{LoadBalancerID: r.LoadBalancer.ID(), Port: r.Port, Protocol: types.ProtocolEnumHttp}
	if r.Certificate != "" {
		want.Protocol, want.Certificate, want.Policy = types.ProtocolEnumHttps, r.Certificate, tlsPolicy
	}
	want.Action = describeAction(r.actions())
	if r.RedirectTo == 0 && r.TargetGroup.ID() == "" {
		want.Action = "forward " + r.TargetGroup.String()
	}
	return want
}

func (r Listener) tls() (certificates []types.Certificate, policy *string) {
	if r.Certificate == "" {
		return nil, nil
	}
	return []types.Certificate{{CertificateArn: aws.String(r.Certificate)}}, aws.String(tlsPolicy)
}

func (r Listener) actions() []types.Action {
	if r.RedirectTo == 0 {
		return []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String(r.TargetGroup.ID())}}
	}
	return []types.Action{{
		Type: types.ActionTypeEnumRedirect,
		RedirectConfig: &types.RedirectActionConfig{
			Protocol:   aws.String(string(types.ProtocolEnumHttps)),
			Port:       aws.String(strconv.Itoa(int(r.RedirectTo))),
			StatusCode: types.RedirectActionStatusCodeEnumHttp301,
		},
	}}
}
