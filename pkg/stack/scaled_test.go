package stack_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/verdict"
)

// scaledWorld has a stack of up to eight instances that starts with two.
type scaledWorld struct {
	*testing.T
	*world
}

func newScaledWorld(t *testing.T) scaledWorld {
	w := scaledWorld{t, newWorld(t, sandbox.Options{}, "eu-west-1")}
	w.file = filepath.Join(t.TempDir(), "provision.yaml")
	w.set("compute: {min: 2, max: 8}")
	w.ups()
	return w
}

// set writes settings, with tags if there are any.
func (w scaledWorld) set(defaults string, tags ...string) {
	w.Helper()
	text := "version: 1\ntags: {" + strings.Join(tags, ", ") + "}\ndefaults: {" + defaults + "}\n"
	if err := os.WriteFile(w.file, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w scaledWorld) ups() {
	w.Helper()
	if _, err := w.up(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// scale is what a policy, a schedule or a person does at peak.
func (w scaledWorld) scale(size int32) {
	w.Helper()
	_, err := autoscaling.NewFromConfig(w.config()).SetDesiredCapacity(w.Context(), &autoscaling.SetDesiredCapacityInput{
		AutoScalingGroupName: aws.String("provision-web"), DesiredCapacity: aws.Int32(size),
	})
	if err != nil {
		w.Fatal(err)
	}
	time.Sleep(10 * time.Minute)
}

func (w scaledWorld) size() int32 {
	w.Helper()
	out, err := autoscaling.NewFromConfig(w.config()).DescribeAutoScalingGroups(w.Context(), nil)
	if err != nil || len(out.AutoScalingGroups) != 1 {
		w.Fatalf("%v, %d groups", err, len(out.AutoScalingGroups))
	}
	return aws.ToInt32(out.AutoScalingGroups[0].DesiredCapacity)
}

// sizes are the changes of the group's size that a plan has.
func (w scaledWorld) sizes() []string {
	w.Helper()
	plan, err := w.plan(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return slices.DeleteFunc(differences(plan), func(line string) bool { return !strings.Contains(line, "desiredCapacity") })
}

// Between min and max, the number of instances belongs to whoever scales the group: no change of anything else touches
// it, and it is no difference.
func TestScaledGroupStaysAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newScaledWorld(t)
		w.scale(6)
		err := w.run(t.Context(), func(s *stack.Stack) error {
			plan := s.Plan(t.Context())
			for _, v := range stack.Verdicts(plan, s.HealthOf(t.Context(), plan)) {
				if v != verdict.AsWanted {
					t.Errorf("the verdict on 6 instances between 2 and 8 is %v", v)
				}
			}
			return plan.Err()
		})
		if err != nil {
			t.Fatal(err)
		}

		w.set("compute: {min: 2, max: 8}", "team: platform")
		if sizes := w.sizes(); len(sizes) > 0 {
			t.Errorf("another tag would resize the group: %v", sizes)
		}
		w.ups()
		if got := w.size(); got != 6 {
			t.Errorf("after a change of tags, %d instances are wanted: 6 were", got)
		}
		w.set("compute: {min: 3, max: 8}", "team: platform")
		w.ups()
		if got := w.size(); got != 6 {
			t.Errorf("a min that draws the size to start with resized the group from 6 to %d", got)
		}
	})
}

// A person who scales the group between the plan and its application has the last word, too.
func TestScalingWhileAPlanIsReadStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newScaledWorld(t)
		w.set("compute: {min: 1, max: 8}")
		err := w.run(t.Context(), func(s *stack.Stack) error {
			plan := s.Plan(t.Context())
			w.scale(5)
			return s.Apply(t.Context(), plan).Err()
		})
		if got := w.size(); err != nil || got != 5 {
			t.Errorf("%d instances are wanted, 5 were; error: %v", got, err)
		}
	})
}

// A changed setting is applied once.
func TestChangedSizeIsAppliedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newScaledWorld(t)
		w.scale(6)
		w.set("compute: {min: 2, max: 8, desired: 3}")
		want := []string{"eu-west-1 auto-scaling-group group desiredCapacity: 6 → 3"}
		if diff := cmp.Diff(want, w.sizes()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		w.ups()
		if got := w.size(); got != 3 {
			t.Errorf("%d instances are wanted, the setting says 3", got)
		}
		w.scale(6)
		w.ups()
		if got := w.size(); got != 6 {
			t.Errorf("the setting was applied again: %d instances are wanted, 6 were", got)
		}
	})
}

// AWS keeps the size between the limits: the plan shows where it moves it.
func TestLimitsMoveTheSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newScaledWorld(t)
		w.scale(6)
		w.set("compute: {min: 2, max: 4}")
		want := []string{"eu-west-1 auto-scaling-group group desiredCapacity: 6 → 4"}
		if diff := cmp.Diff(want, w.sizes()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		w.ups()
		if got := w.size(); got != 4 {
			t.Errorf("%d instances are wanted, at most 4 may be", got)
		}
		if sizes := w.sizes(); len(sizes) > 0 {
			t.Errorf("the next plan has %v", sizes)
		}
	})
}

// A state that does not know which size was applied last takes the group as it is, and the setting as applied.
func TestUnknownSizeIsNotTouched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newScaledWorld(t)
		w.scale(6)
		err := w.run(t.Context(), func(s *stack.Stack) error {
			facts := s.Record.Document().Regions["eu-west-1"].Facts
			if facts.Desired != 2 {
				t.Errorf("the state knows %d as the size that was applied, want 2", facts.Desired)
			}
			facts.Desired = 0
			return s.Record.SetFacts("eu-west-1", facts)
		})
		if err != nil {
			t.Fatal(err)
		}
		w.set("compute: {min: 2, max: 8, desired: 4}")
		w.ups()
		if got := w.size(); got != 6 {
			t.Errorf("%d instances are wanted, 6 were", got)
		}
		w.set("compute: {min: 2, max: 8, desired: 5}")
		w.ups()
		if got := w.size(); got != 5 {
			t.Errorf("%d instances are wanted, the setting changed to 5", got)
		}
	})
}
