package stack_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

const (
	groupName = "/provision-web/flow-logs"
	roleName  = "provision-web-flow-logs"

	rejected = "version: 1\ndefaults: {network: {flow_logs: {traffic: reject}}}\n"
)

// up runs up, and fails the test if that does.
func (w *world) mustUp(t *testing.T, settings string) {
	t.Helper()
	w.settings(t, settings)
	if _, err := w.up(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// flowLogs are those of the first region, however many.
func (w *world) flowLogs(t *testing.T) []types.FlowLog {
	t.Helper()
	out, err := ec2.NewFromConfig(w.config()).DescribeFlowLogs(t.Context(), &ec2.DescribeFlowLogsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return out.FlowLogs
}

// differing are the changes of a plan, which a run then makes.
func (w *world) differing(t *testing.T) []string {
	t.Helper()
	plan, err := w.plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, line := range differences(plan) {
		field, _, _ := strings.Cut(line, ":")
		all = append(all, field)
	}
	return all
}

// A stack with flow logs comes up, records are delivered, a further up changes nothing, and nothing is left after down.
func TestFlowLogsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
		w.mustUp(t, rejected)
		log := w.flowLogs(t)[0]
		got := map[string]string{
			"traffic": string(log.TrafficType), "group": aws.ToString(log.LogGroupName),
			"role": aws.ToString(log.DeliverLogsPermissionArn), "delivery": aws.ToString(log.DeliverLogsStatus),
		}
		want := map[string]string{
			"traffic": "REJECT", "group": groupName, "role": "arn:aws:iam::123456789012:role/" + roleName, "delivery": "SUCCESS",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the flow log (-want +got):\n%s", diff)
		}
		w.calls.reset()
		w.mustUp(t, rejected)
		if made := w.calls.made(); len(made) > 0 {
			t.Errorf("a further up changed %v", made)
		}
		if err := w.down(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := w.left(t); left != "{}" {
			t.Errorf("left after down: %s", left)
		}
	})
}

// What is off costs no call: neither of CloudWatch Logs nor about flow logs, not even to look.
func TestWithoutFlowLogsNothingIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		w.mustUp(t, "version: 1\n")
		if err := w.down(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, c := range w.box.Calls() {
			if c.Service == "logs" || strings.Contains(c.Action, "FlowLogs") || strings.Contains(c.Action, "RolePermissionsBoundary") {
				t.Errorf("called %s", c.Name())
			}
		}
	})
}

// A change by hand is found and reverted, and what was deleted comes back.
func TestFlowLogsDrift(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*testing.T, *world) error
		want  []string
	}{
		"kept longer": {func(t *testing.T, w *world) error {
			_, err := cloudwatchlogs.NewFromConfig(w.config()).PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
				LogGroupName: aws.String(groupName), RetentionInDays: aws.Int32(365),
			})
			return err
		}, []string{"eu-west-1 log-group retentionInDays"}},
		"a tag of the log group removed": {func(t *testing.T, w *world) error {
			_, err := cloudwatchlogs.NewFromConfig(w.config()).UntagResource(t.Context(), &cloudwatchlogs.UntagResourceInput{
				ResourceArn: aws.String("arn:aws:logs:eu-west-1:123456789012:log-group:" + groupName), TagKeys: []string{graph.TagName},
			})
			return err
		}, []string{"eu-west-1 log-group tag Name"}},
		"the log group deleted": {func(t *testing.T, w *world) error {
			_, err := cloudwatchlogs.NewFromConfig(w.config()).DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{
				LogGroupName: aws.String(groupName),
			})
			return err
		}, []string{"eu-west-1 create log-group"}},
		"the flow log deleted": {func(t *testing.T, w *world) error {
			_, err := ec2.NewFromConfig(w.config()).DeleteFlowLogs(t.Context(), &ec2.DeleteFlowLogsInput{
				FlowLogIds: []string{aws.ToString(w.flowLogs(t)[0].FlowLogId)},
			})
			return err
		}, []string{"eu-west-1 create flow-log"}},
		"the role widened": {func(t *testing.T, w *world) error {
			_, err := iam.NewFromConfig(w.config()).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
				RoleName: aws.String(roleName), PolicyName: aws.String("flow-logs"),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}`),
			})
			return err
		}, []string{"global flow-log-role policy flow-logs"}},
		"the role unbounded": {func(t *testing.T, w *world) error {
			_, err := iam.NewFromConfig(w.config()).DeleteRolePermissionsBoundary(t.Context(), &iam.DeleteRolePermissionsBoundaryInput{
				RoleName: aws.String(roleName),
			})
			return err
		}, []string{"global flow-log-role permissionsBoundary"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, "eu-west-1")
				w.mustUp(t, rejected)
				if err := c.spoil(t, w); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, w.differing(t)); diff != "" {
					t.Errorf("differences (-want +got):\n%s", diff)
				}
				w.mustUp(t, rejected)
				if got := w.differing(t); len(got) > 0 {
					t.Errorf("after up there differs still: %v", got)
				}
			})
		})
	}
}

// Another type of traffic is recorded without a gap: the new flow log is there before the old one goes. Another interval
// needs the old one to go first. Either way there is one in the end, and the plan says why.
func TestFlowLogIsReplaced(t *testing.T) {
	for name, c := range map[string]struct {
		settings, why string
		first         string // the call that comes first
	}{
		"traffic":  {"{traffic: all}", "AWS can't change the type of traffic of a flow log", "CreateFlowLogs"},
		"interval": {"{traffic: reject, interval: 1m}", "AWS can't change the aggregation interval of a flow log", "DeleteFlowLogs"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, "eu-west-1")
				w.mustUp(t, rejected)
				before := w.flowLogs(t)
				w.settings(t, "version: 1\ndefaults: {network: {flow_logs: "+c.settings+"}}\n")
				plan, err := w.plan(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				steps := plan.Regions[0].Plan.Changed()
				if len(steps) != 1 || steps[0].Action != graph.Replace || steps[0].Why != c.why {
					t.Fatalf("the plan is %+v", steps)
				}
				w.box.ForgetCalls()
				if _, err := w.up(t.Context()); err != nil {
					t.Fatal(err)
				}
				var order []string
				for _, call := range w.box.Calls() {
					if call.Mutating {
						order = append(order, call.Action)
					}
				}
				if len(order) != 2 || order[0] != c.first {
					t.Errorf("the calls are %v, want %s first", order, c.first)
				}
				after := w.flowLogs(t)
				if len(after) != 1 || aws.ToString(after[0].FlowLogId) == aws.ToString(before[0].FlowLogId) {
					t.Errorf("%d flow logs, the first %s", len(after), aws.ToString(after[0].FlowLogId))
				}
			})
		})
	}
}

// What is turned off in one region goes there; the role goes with the last.
func TestFlowLogsTurnedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
		w.mustUp(t, rejected)
		w.mustUp(t, rejected+"overrides: {us-east-1: {network: {flow_logs: {traffic: none}}}}\n")
		if got, want := w.kept(t), []string{"eu-west-1 flow-log", "eu-west-1 log-group", "global flow-log-role"}; !slices.Equal(got, want) {
			t.Errorf("with one region on: %v, want %v", got, want)
		}
		w.mustUp(t, "version: 1\n")
		if got := w.kept(t); len(got) > 0 {
			t.Errorf("with all off: %v", got)
		}
	})
}

// A run in one region, where flow logs are off, leaves the role to the other region.
func TestFlowLogRoleOfAnotherRunsRegion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
		settings := "version: 1\noverrides: {us-east-1: {network: {flow_logs: {traffic: all}}}}\n"
		w.mustUp(t, settings)
		w.regions = []string{"eu-west-1"}
		w.mustUp(t, settings)
		if got := w.kept(t); !slices.Contains(got, "global flow-log-role") {
			t.Errorf("kept are %v", got)
		}
	})
}

// kept are what the state knows of flow logs.
func (w *world) kept(t *testing.T) []string {
	t.Helper()
	var all []string
	err := w.run(t.Context(), func(s *stack.Stack) error {
		for region, known := range s.Record.Document().Regions {
			for key := range known.Resources {
				if strings.Contains(string(key), "log") {
					all = append(all, region+" "+string(key))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}
