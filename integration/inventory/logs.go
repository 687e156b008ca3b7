package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

func logKinds(api *cloudwatchlogs.Client) []kind {
	return []kind{{"log-group", func(ctx context.Context) ([]item, error) { return logGroups(ctx, api) }}}
}

// logGroups adds the tags, which the list lacks.
func logGroups(ctx context.Context, api *cloudwatchlogs.Client) ([]item, error) {
	var found []item
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(api, &cloudwatchlogs.DescribeLogGroupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, items(page.LogGroups, func(g types.LogGroup) *string { return g.LogGroupName })...)
	}
	for i := range found {
		group, _ := found[i].value.(types.LogGroup)
		out, err := api.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: group.LogGroupArn})
		if err != nil {
			return nil, err
		}
		found[i].value = map[string]any{"Group": group, "Tags": out.Tags}
	}
	return found, nil
}
