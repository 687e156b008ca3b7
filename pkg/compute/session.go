package compute

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"provision/pkg/cloud"
)

// SessionAPI is what this file calls.
type SessionAPI interface {
	ssm.DescribeInstanceInformationAPIClient
	StartSession(context.Context, *ssm.StartSessionInput, ...func(*ssm.Options)) (*ssm.StartSessionOutput, error)
}

// Session is an open session of Session Manager, in the form that its plugin reads. The token is a secret.
type Session struct {
	SessionID  string `json:"SessionId"`
	StreamURL  string `json:"StreamUrl"`
	TokenValue string `json:"TokenValue"`
}

// idsPerCall is how many values Systems Manager takes for one filter.
const idsPerCall = 100

// Reachable are those of the instances whose agent reports to Systems Manager. See "Troubleshooting SSM Agent" for why
// one does not.
func Reachable(ctx context.Context, api ssm.DescribeInstanceInformationAPIClient, ids []string) (map[string]bool, error) {
	reachable := map[string]bool{}
	for some := range slices.Chunk(ids, idsPerCall) {
		pages := ssm.NewDescribeInstanceInformationPaginator(api, &ssm.DescribeInstanceInformationInput{
			Filters: []types.InstanceInformationStringFilter{{Key: aws.String("InstanceIds"), Values: some}},
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("list the instances that Session Manager reaches: %w", err)
			}
			for _, node := range page.InstanceInformationList {
				reachable[aws.ToString(node.InstanceId)] = node.PingStatus == types.PingStatusOnline
			}
		}
	}
	return reachable, nil
}

// StartSession opens a session on an instance. It ends when the plugin that it is given to does.
func StartSession(ctx context.Context, api SessionAPI, id string) (Session, error) {
	out, err := api.StartSession(ctx, &ssm.StartSessionInput{
		Target: aws.String(id), Reason: aws.String("provision connect"),
	})
	if cloud.Code(err) == "TargetNotConnected" {
		return Session{}, fmt.Errorf("%s does not report to Session Manager, so that no shell can be opened: %w", id, err)
	}
	if err != nil {
		return Session{}, fmt.Errorf("open a session on %s: %w", id, err)
	}
	return Session{
		SessionID: aws.ToString(out.SessionId), StreamURL: aws.ToString(out.StreamUrl), TokenValue: aws.ToString(out.TokenValue),
	}, nil
}
