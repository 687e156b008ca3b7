package lb

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// describeAction puts what a listener does into words that can be compared and shown.
func describeAction(actions []types.Action) string {
	words := make([]string, 0, len(actions))
	for _, action := range actions {
		words = append(words, string(action.Type)+describeConfig(action))
	}
	return strings.Join(words, ", then ")
}

func describeConfig(action types.Action) string {
	switch {
	case action.RedirectConfig != nil:
		return describeRedirect(*action.RedirectConfig)
	case action.TargetGroupArn != nil:
		return " " + *action.TargetGroupArn
	case action.ForwardConfig != nil:
		var text strings.Builder
		for _, group := range action.ForwardConfig.TargetGroups {
			text.WriteString(" " + aws.ToString(group.TargetGroupArn))
		}
		return text.String()
	}
	return ""
}

// describeRedirect leaves out what keeps its place, which AWS fills in as "#{host}" and so on.
func describeRedirect(to types.RedirectActionConfig) string {
	text := " " + aws.ToString(to.Protocol) + ":" + aws.ToString(to.Port)
	for _, part := range []struct {
		value *string
		same  string
	}{
		{to.Host, "#{host}"}, {to.Path, "/#{path}"}, {to.Query, "#{query}"},
	} {
		if value := aws.ToString(part.value); value != "" && value != part.same {
			text += " " + value
		}
	}
	return text + " " + string(to.StatusCode)
}
