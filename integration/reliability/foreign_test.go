package reliability

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asgtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// furnish creates foreign resources in the region, at least one of each kind that a stack has: another stack, whose
// resources bear the names that the tested one's would. It returns all that is in the account.
func (w *world) furnish(t testing.TB) account {
	t.Helper()
	before := w.account(t)
	other := *w
	other.name, other.path = "other", filepath.Join(t.TempDir(), "other.json")
	other.truth = newTruth(t) // what is said of this stack is true of it alone
	if err := other.up(t.Context()); err != nil {
		t.Fatalf("furnish the account: %v", err)
	}
	w.retag(t, w.account(t).without(before), func(tags map[string]string) {
		tags[graph.TagName] = strings.Replace(tags[graph.TagName], "other-", "web-", 1)
	})
	w.wait(t, time.Hour)
	return w.account(t)
}

// wait lets what is under way in the account come to its end.
func (w *world) wait(t testing.TB, d time.Duration) {
	t.Helper()
	if err := w.box.Clock().Sleep(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// retag changes the tags of all things that have any, by the API of their service.
func (w *world) retag(t testing.TB, things account, change func(map[string]string)) {
	t.Helper()
	c := w.clients()
	things.each(func(_, kind, id string, thing json.RawMessage) {
		tags := tagsOf(thing)
		if len(tags) == 0 {
			return
		}
		change(tags)
		var err error
		switch {
		case strings.HasPrefix(kind, "iam-"): // found by name alone
		case strings.HasPrefix(kind, "elb-"):
			in := &elb.AddTagsInput{ResourceArns: []string{id}}
			for key, value := range tags {
				in.Tags = append(in.Tags, elbtypes.Tag{Key: aws.String(key), Value: aws.String(value)})
			}
			_, err = c.ELB.AddTags(t.Context(), in)
		case kind == "auto-scaling-group":
			in := &autoscaling.CreateOrUpdateTagsInput{}
			for key, value := range tags {
				in.Tags = append(in.Tags, asgtypes.Tag{
					Key: aws.String(key), Value: aws.String(value), PropagateAtLaunch: aws.Bool(true),
					ResourceId: aws.String(id), ResourceType: aws.String("auto-scaling-group"),
				})
			}
			_, err = c.AutoScaling.CreateOrUpdateTags(t.Context(), in)
		default:
			in := &ec2.CreateTagsInput{Resources: []string{id}}
			for key, value := range tags {
				if !strings.HasPrefix(key, "aws:") {
					in.Tags = append(in.Tags, types.Tag{Key: aws.String(key), Value: aws.String(value)})
				}
			}
			_, err = c.EC2.CreateTags(t.Context(), in)
		}
		if err != nil {
			t.Fatalf("tag the %s %s: %v", kind, id, err)
		}
	})
}

// Things that bear our stack's name and tag, but another owner's, are one of each kind in the account: no command
// touches them.
func TestForeignThingsOfOurStackAreUntouched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		must(t, w.up(t.Context()))
		ours := w.account(t)
		w.furnish(t)
		w.retag(t, w.account(t).without(ours), func(tags map[string]string) { tags[graph.TagStack] = "web" })
		others := w.account(t).without(ours)
		if diff := cmp.Diff(ours.kinds(), others.kinds()); diff != "" {
			t.Errorf("the kinds of which there are some (-ours +others'):\n%s", diff)
		}

		must(t, w.up(t.Context()))
		w.mustBeUp(t, others, ours.count())
		must(t, w.sweep(t.Context()))
		w.mustBeUp(t, others, ours.count())
		mustFail[*state.OwnersError](t, w.recover(t.Context(), ""))
		w.mustBeUp(t, others, ours.count())
		must(t, w.recover(t.Context(), w.document(t).Owner))
		w.mustBeUp(t, others, ours.count())
		must(t, w.down(t.Context()))
		w.mustBeDown(t, others)
	})
}

// sweep is `provision sweep --delete --yes`.
func (w *world) sweep(ctx context.Context) error {
	return w.run(ctx, func(ctx context.Context, s *session) error { return s.Sweep(ctx, s.PlanSweep(ctx)).Err() })
}

// recover is `provision recover --yes` after the state was lost, and takes an owner's things, or those of the only one.
func (w *world) recover(ctx context.Context, owner string) error {
	return w.run(ctx, func(ctx context.Context, s *session) error {
		head := s.Record.Document().Head
		head.Owner = owner
		lost := *s.Stack
		lost.Record = stack.ReadOnly{Read: state.Document{Schema: state.Schema, Head: head}}
		found, err := lost.Recover(ctx)
		if err != nil {
			return err
		}
		return s.lock.Replace(ctx, found)
	})
}

// A foreign stack of the same name is not adopted when the state has none.
func TestUpWithoutStateRefusesAStackThatIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		if err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		others := w.account(t)
		w.path = filepath.Join(t.TempDir(), "web.json")
		err := w.up(t.Context())
		mustFail[*stack.ForeignError](t, err)
		err = w.run(t.Context(), func(ctx context.Context, s *session) error {
			return s.RefusalOfRemoval(s.PlanRemoval(ctx, true))
		})
		if err == nil {
			t.Error("down of a stack that the state does not know is not refused")
		}
		mustBeUntouched(t, others, w.account(t))
		if added := w.account(t).without(others).count(); len(added) > 0 {
			t.Errorf("made beside it: %v", added)
		}
	})
}
