package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

func logsClient(s *sandbox.Sandbox) *cloudwatchlogs.Client {
	return cloudwatchlogs.NewFromConfig(awsConfig(s, "eu-west-1"))
}

func TestLogGroups(t *testing.T) {
	api := logsClient(sandbox.New(sandbox.Options{}))
	for i := range 60 {
		do(t, api.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(fmt.Sprintf("/web/%02d", i))})
	}
	do(t, api.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: aws.String("/db"), Tags: map[string]string{"team": "db"},
	})
	do(t, api.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String("/db"), RetentionInDays: aws.Int32(14)})
	found := do(t, api.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/d")}).LogGroups
	if len(found) != 1 || aws.ToInt32(found[0].RetentionInDays) != 14 ||
		aws.ToString(found[0].Arn) != aws.ToString(found[0].LogGroupArn)+":*" {
		t.Fatalf("found %+v", found)
	}
	arn := found[0].LogGroupArn
	do(t, api.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"unit": "1"}})
	do(t, api.UntagResource, &cloudwatchlogs.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team"}})
	tags := do(t, api.ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: arn}).Tags
	if diff := cmp.Diff(map[string]string{"unit": "1"}, tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	var names []string
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(api, &cloudwatchlogs.DescribeLogGroupsInput{})
	for n := 0; pages.HasMorePages(); n++ {
		page, err := pages.NextPage(t.Context())
		if err != nil || len(page.LogGroups) > 50 {
			t.Fatalf("page %d has %v, %v", n, page, err)
		}
		for _, g := range page.LogGroups {
			names = append(names, aws.ToString(g.LogGroupName))
		}
	}
	if len(names) != 61 || names[0] != "/db" {
		t.Errorf("%d names, the first %q", len(names), names[0])
	}
	do(t, api.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/db")})
	_, err := api.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/db")})
	if got := code(t, err); got != "ResourceNotFoundException" {
		t.Errorf("deleted twice: %q", got)
	}
}

func TestLogGroupsAreRefused(t *testing.T) {
	api := logsClient(sandbox.New(sandbox.Options{}))
	do(t, api.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/web")})
	create := func(name string, tags map[string]string) error {
		_, err := api.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(name), Tags: tags})
		return err
	}
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprint(i)] = ""
	}
	keep := func(days int32) error {
		_, err := api.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
			LogGroupName: aws.String("/web"), RetentionInDays: aws.Int32(days),
		})
		return err
	}
	tagsOf := func(arn string) error {
		_, err := api.ListTagsForResource(t.Context(), &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(arn)})
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"there already":         {create("/web", nil), "ResourceAlreadyExistsException"},
		"AWS's own":             {create("aws/web", nil), "InvalidParameterException"},
		"a space":               {create("a b", nil), "InvalidParameterException"},
		"too long":              {create(strings.Repeat("a", 513), nil), "InvalidParameterException"},
		"too many tags":         {create("/tags", many), "TooManyTagsException"},
		"a reserved tag":        {create("/tags", map[string]string{"aws:x": ""}), "InvalidParameterException"},
		"two days":              {keep(2), "InvalidParameterException"},
		"the ARN with its end":  {tagsOf("arn:aws:logs:eu-west-1:123456789012:log-group:/web:*"), "ResourceNotFoundException"},
		"the ARN of a function": {tagsOf("arn:aws:lambda:eu-west-1:123456789012:function:web"), "InvalidParameterException"},
	} {
		if got := code(t, c.err); got != c.want {
			t.Errorf("%s: got %q (%v), want %q", name, got, c.err, c.want)
		}
	}
}

const logsRole = "arn:aws:iam::123456789012:role/logs"

// flowLogIn is a request for the VPC, with the role that withLogsRole makes.
func flowLogIn(vpc, token string) *ec2.CreateFlowLogsInput {
	return &ec2.CreateFlowLogsInput{
		ResourceIds: []string{vpc}, ResourceType: types.FlowLogsResourceTypeVpc, TrafficType: types.TrafficTypeAll,
		LogGroupName: aws.String("/web"), DeliverLogsPermissionArn: aws.String(logsRole), ClientToken: aws.String(token),
	}
}

func (w world) logsRole() {
	w.Helper()
	api := iamClient(w.sandbox)
	do(w.T, api.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String("logs"), AssumeRolePolicyDocument: trustOf(`{"Service":"vpc-flow-logs.amazonaws.com"}`, "sts:AssumeRole"),
	})
	do(w.T, api.PutRolePolicy, &iam.PutRolePolicyInput{
		RoleName: aws.String("logs"), PolicyName: aws.String("write"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"arn:aws:logs:*:123456789012:log-group:/web:*"}]}`),
	})
}

func (w world) flowLogs() []types.FlowLog {
	w.Helper()
	out, err := w.DescribeFlowLogs(w.Context(), &ec2.DescribeFlowLogsInput{})
	w.check(err)
	return out.FlowLogs
}

// Records are delivered once the log group is there; a repeat by the token makes no second one; one that is like another is
// refused in an answer that is no error.
func TestFlowLogs(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		w.logsRole()
		for range 2 {
			_, err := w.CreateFlowLogs(w.Context(), flowLogIn(vpc, "1"))
			w.check(err)
		}
		log := w.flowLogs()[0]
		if got := aws.ToString(log.DeliverLogsErrorMessage); got != "Access error" {
			w.Errorf("without a log group: %q", got)
		}
		do(w.T, logsClient(w.sandbox).CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/web")})
		if got := aws.ToString(w.flowLogs()[0].DeliverLogsStatus); got != "SUCCESS" {
			w.Errorf("with a log group: %q", got)
		}
		out, err := w.CreateFlowLogs(w.Context(), flowLogIn(vpc, "2"))
		w.check(err)
		if len(out.Unsuccessful) != 1 || aws.ToString(out.Unsuccessful[0].Error.Code) != "FlowLogAlreadyExists" {
			w.Errorf("a second one: %+v", out)
		}
		other := flowLogIn(vpc, "3")
		other.TrafficType = types.TrafficTypeReject
		_, err = w.CreateFlowLogs(w.Context(), other)
		w.check(err)
		if n := len(w.flowLogs()); n != 2 {
			w.Errorf("%d flow logs, want one of each type of traffic", n)
		}
		deleted, err := w.DeleteFlowLogs(w.Context(), &ec2.DeleteFlowLogsInput{FlowLogIds: []string{*log.FlowLogId, "fl-0"}})
		w.check(err)
		if len(deleted.Unsuccessful) != 1 || aws.ToString(deleted.Unsuccessful[0].Error.Code) != "InvalidFlowLogId.NotFound" {
			w.Errorf("deleted: %+v", deleted)
		}
	})
}

func TestFlowLogsAreRefused(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		w.logsRole()
		for name, c := range map[string]struct {
			spoil func(*ec2.CreateFlowLogsInput)
			want  string
		}{
			"no role":          {func(in *ec2.CreateFlowLogsInput) { in.DeliverLogsPermissionArn = nil }, "InvalidParameter"},
			"an unknown role":  {func(in *ec2.CreateFlowLogsInput) { in.DeliverLogsPermissionArn = aws.String(logsRole + "2") }, "InvalidParameter"},
			"two minutes":      {func(in *ec2.CreateFlowLogsInput) { in.MaxAggregationInterval = aws.Int32(120) }, "InvalidParameter"},
			"no destination":   {func(in *ec2.CreateFlowLogsInput) { in.LogGroupName = nil }, "MissingParameter"},
			"half the traffic": {func(in *ec2.CreateFlowLogsInput) { in.TrafficType = "HALF" }, "InvalidParameterValue"},
			"a subnet":         {func(in *ec2.CreateFlowLogsInput) { in.ResourceType = "Subnet" }, "InvalidParameterValue"},
		} {
			in := flowLogIn(vpc, name)
			c.spoil(in)
			_, err := w.CreateFlowLogs(w.Context(), in)
			if got := code(w.T, err); got != c.want {
				w.Errorf("%s: got %q (%v), want %q", name, got, err, c.want)
			}
		}
	})
}

// The service does not know a new role at once.
func TestNewRoleOfFlowLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.Options{UseLag: 10 * time.Second})
		w := world{t, ec2Client(s, "eu-west-1"), s}
		vpc := w.vpc("10.0.0.0/16")
		time.Sleep(time.Minute)
		do(t, iamClient(s).CreateRole, &iam.CreateRoleInput{
			RoleName: aws.String("logs"), AssumeRolePolicyDocument: trustOf(`{"Service":"vpc-flow-logs.amazonaws.com"}`, "sts:AssumeRole"),
		})
		_, err := w.CreateFlowLogs(t.Context(), flowLogIn(vpc, "1"))
		if err == nil || !strings.Contains(err.Error(), "Unable to assume given IAM role") {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Minute)
		_, err = w.CreateFlowLogs(t.Context(), flowLogIn(vpc, "1"))
		w.check(err)
	})
}
