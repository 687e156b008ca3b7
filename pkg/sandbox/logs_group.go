package sandbox

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
)

type logGroup struct {
	Name      string
	ARN       string // without :* at its end
	Created   time.Time
	Retention int               // in days; 0: for ever
	Tags      map[string]string `json:",omitempty"`
}

var logGroups = newKind[logGroup]("log-group", "")

// logGroupID is not the name alone: EC2's calls name log groups, and have heard of new ones at once.
func logGroupID(name string) string { return "log-group:" + name }

type logGroupView struct {
	Name        string `json:"logGroupName"`
	Created     int64  `json:"creationTime"`
	Retention   int    `json:"retentionInDays,omitempty"`
	Filters     int    `json:"metricFilterCount"`
	ARN         string `json:"arn"`
	LogGroupARN string `json:"logGroupArn"`
	Stored      int64  `json:"storedBytes"`
	Class       string `json:"logGroupClass"`
}

func logGroupOperations(reg *registry) {
	reg.add("logs", "CreateLogGroup", mutates, createLogGroup)
	reg.add("logs", "DescribeLogGroups", reads, describeLogGroups)
	reg.add("logs", "PutRetentionPolicy", mutates, putRetentionPolicy)
	reg.add("logs", "DeleteLogGroup", mutates, deleteLogGroup)
}

func createLogGroup(c *call) (any, error) {
	var in struct {
		LogGroupName string
		Tags         map[string]string
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	name := in.LogGroupName
	switch {
	case len(name) > maxLogGroupName || !logGroupChars.MatchString(name):
		return nil, logsInvalid("1 validation error detected: Value at 'logGroupName' failed to satisfy constraint: "+
			"Member must satisfy regular expression pattern: %s", logGroupChars)
	case strings.HasPrefix(name, "aws/"):
		return nil, logsInvalid("Log groups starting with AWS/ are reserved for AWS.")
	case logGroups.get(c.region, logGroupID(name)) != nil:
		return nil, fail("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	if err := checkLogTags(nil, in.Tags); err != nil {
		return nil, err
	}
	logGroups.put(c.region, logGroupID(name), &logGroup{
		Name: name, ARN: c.region.arn("logs", "log-group:"+name), Created: c.region.now, Tags: in.Tags,
	})
	return nil, nil
}

// describeLogGroups answers in the order of the names, up to 50 a page.
func describeLogGroups(c *call) (any, error) {
	in := struct {
		LogGroupNamePrefix string
		Limit              int
		NextToken          string
	}{Limit: 50}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Limit < 1 || in.Limit > 50 {
		return nil, logsInvalid("1 validation error detected: Value at 'limit' failed to satisfy constraint: " +
			"Member must have value between 1 and 50")
	}
	var all []logGroupView
	for _, row := range logGroups.seen(c.region) {
		if strings.HasPrefix(row.Thing.Name, in.LogGroupNamePrefix) {
			all = append(all, row.Thing.view())
		}
	}
	slices.SortFunc(all, func(a, b logGroupView) int { return strings.Compare(a.Name, b.Name) })
	start, err := readOffset(in.NextToken, len(all))
	if err != nil {
		return nil, logsInvalid("The specified nextToken is invalid.")
	}
	end := min(start+in.Limit, len(all))
	out := struct {
		Groups    []logGroupView `json:"logGroups"`
		NextToken string         `json:"nextToken,omitempty"`
	}{Groups: append([]logGroupView{}, all[start:end]...)}
	if end < len(all) {
		out.NextToken = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))
	}
	return out, nil
}

func (g *logGroup) view() logGroupView {
	return logGroupView{
		Name: g.Name, Created: g.Created.UnixMilli(), Retention: g.Retention, ARN: g.ARN + ":*", LogGroupARN: g.ARN,
		Class: "STANDARD",
	}
}

func putRetentionPolicy(c *call) (any, error) {
	var in struct {
		LogGroupName    string
		RetentionInDays int
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	found := logGroups.get(c.region, logGroupID(in.LogGroupName))
	switch {
	case found == nil:
		return nil, noLogGroup()
	case !slices.Contains(retentions, in.RetentionInDays):
		return nil, logsInvalid("1 validation error detected: Value '%d' at 'retentionInDays' failed to satisfy constraint: "+
			"Member must satisfy enum value set: %v", in.RetentionInDays, retentions)
	}
	found.Retention = in.RetentionInDays
	return nil, nil
}

func deleteLogGroup(c *call) (any, error) {
	var in struct{ LogGroupName string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id := logGroupID(in.LogGroupName)
	if logGroups.get(c.region, id) == nil {
		return nil, noLogGroup()
	}
	logGroups.drop(c.region, id)
	return nil, nil
}
