package sandbox

import (
	"maps"
	"strings"
)

func logTagOperations(reg *registry) {
	reg.add("logs", "TagResource", mutates, tagLogGroup)
	reg.add("logs", "UntagResource", mutates, untagLogGroup)
	reg.add("logs", "ListTagsForResource", reads, listLogGroupTags)
}

type logTagRequest struct {
	ResourceArn string
	Tags        map[string]string
	TagKeys     []string
}

// logGroupOfARN is the log group that a call about tags names: by the ARN that does not end in :*, see LogGroup in the API
// reference of CloudWatch Logs.
func (c *call) logGroupOfARN() (*logGroup, logTagRequest, error) {
	var in logTagRequest
	if err := c.decode(&in); err != nil {
		return nil, in, err
	}
	name, ok := strings.CutPrefix(in.ResourceArn, c.region.arn("logs", "log-group:"))
	if !ok {
		return nil, in, logsInvalid("1 validation error detected: Value at 'resourceArn' is not the ARN of a log group")
	}
	if found := logGroups.get(c.region, logGroupID(name)); found != nil {
		return found, in, nil
	}
	return nil, in, noLogGroup()
}

func tagLogGroup(c *call) (any, error) {
	found, in, err := c.logGroupOfARN()
	if err != nil {
		return nil, err
	}
	if err := checkLogTags(found.Tags, in.Tags); err != nil {
		return nil, err
	}
	now := maps.Clone(found.Tags)
	if now == nil {
		now = map[string]string{}
	}
	maps.Copy(now, in.Tags)
	found.Tags = now
	return nil, nil
}

func untagLogGroup(c *call) (any, error) {
	found, in, err := c.logGroupOfARN()
	if err != nil {
		return nil, err
	}
	found.Tags = maps.Clone(found.Tags)
	for _, key := range in.TagKeys {
		delete(found.Tags, key)
	}
	return nil, nil
}

func listLogGroupTags(c *call) (any, error) {
	found, _, err := c.logGroupOfARN()
	if err != nil {
		return nil, err
	}
	tags := found.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return struct {
		Tags map[string]string `json:"tags"`
	}{tags}, nil
}

// checkLogTags holds the tags to add against the rules of TagResource.
func checkLogTags(have, add map[string]string) error {
	all := maps.Clone(have)
	if all == nil {
		all = map[string]string{}
	}
	for key, value := range add {
		if key == "" || len(key) > 128 || len(value) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return logsInvalid("1 validation error detected: a tag has a key of 1 to 128 characters that does not begin with aws:, " +
				"and a value of up to 256")
		}
		all[key] = value
	}
	if len(all) > mostTags {
		return fail("TooManyTagsException", "A resource can have no more than %d tags.", mostTags)
	}
	return nil
}
