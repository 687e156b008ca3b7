package sandbox

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// agentStarts is how long after its launch an instance's agent reports to Systems Manager.
const agentStarts = 45 * time.Second

// maxNodes is how many managed nodes a page lists at most.
const maxNodes = 50

// maxFilterValues is how many values a filter of managed nodes has at most (InstanceInformationStringFilter).
const maxFilterValues = 100

func ssmInstanceOperations(reg *registry) {
	reg.add("ssm", "DescribeInstanceInformation", reads, describeInstanceInformation)
	reg.add("ssm", "GetConnectionStatus", reads, getConnectionStatus)
	reg.add("ssm", "StartSession", mutates, startSession)
	reg.add("ssm", "TerminateSession", mutates, terminateSession)
}

type nodeView struct {
	InstanceID      string `json:"InstanceId"`
	PingStatus      string
	AgentVersion    string
	IsLatestVersion bool
	PlatformType    string
	PlatformName    string
	PlatformVersion string
	ResourceType    string
	IPAddress       string
	LastPing        float64 `json:"LastPingDateTime"`
	Registered      float64 `json:"RegistrationDate"`
}

type nodeFilter struct {
	Key       string
	OldKey    string `json:"key"`
	Values    []string
	OldValues []string `json:"valueSet"`
}

func describeInstanceInformation(c *call) (any, error) {
	in := struct {
		Filters    []nodeFilter
		OldFilters []nodeFilter `json:"InstanceInformationFilterList"`
		MaxResults int
		NextToken  string
	}{MaxResults: maxNodes}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.MaxResults < 1 || in.MaxResults > maxNodes {
		return nil, iamInvalid("MaxResults", "Member must have value between 1 and 50")
	}
	for _, f := range append(in.Filters, in.OldFilters...) {
		if n := len(f.Values) + len(f.OldValues); n < 1 || n > maxFilterValues {
			return nil, fail("ValidationException", "1 validation error detected: Value at 'filters.1.member.values' failed to "+
				"satisfy constraint: Member must have length between 1 and %d", maxFilterValues)
		}
	}
	if _, err := (nodeView{}).fits(append(in.Filters, in.OldFilters...)); err != nil {
		return nil, err
	}
	nodes := []nodeView{}
	for i := range instances.all(c.region) {
		if !i.managed(c.region) {
			continue
		}
		node := i.node(c.region)
		wanted, err := node.fits(append(in.Filters, in.OldFilters...))
		if err != nil {
			return nil, err
		}
		if wanted {
			nodes = append(nodes, node)
		}
	}
	start, err := readOffset(in.NextToken, len(nodes))
	if err != nil {
		return nil, err
	}
	end := min(start+in.MaxResults, len(nodes))
	out := struct {
		InstanceInformationList []nodeView
		NextToken               string `json:",omitempty"`
	}{InstanceInformationList: nodes[start:end]}
	if end < len(nodes) {
		out.NextToken = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))
	}
	return out, nil
}

// node is the instance as Systems Manager sees it.
func (i *instance) node(r *region) nodeView {
	return nodeView{
		InstanceID: i.ID, PingStatus: "Online", AgentVersion: "3.3.3050.0", IsLatestVersion: true,
		PlatformType: "Linux", PlatformName: "Amazon Linux", PlatformVersion: "2023",
		ResourceType: "EC2Instance", IPAddress: i.PrivateIP,
		LastPing: float64(r.now.Unix()), Registered: float64(i.Launched.Add(agentStarts).Unix()),
	}
}

// otherNodeFilters are those of "InstanceInformationStringFilter" that the sandbox does not have.
var otherNodeFilters = []string{"ActivationIds", "AgentVersion", "AssociationStatus", "IamRole", "tag-key"}

// fits says whether a node passes all filters. Every filter is looked at, so that the answer to an unknown one does not
// depend on which nodes there are.
func (n nodeView) fits(filters []nodeFilter) (bool, error) {
	wanted := true
	for _, f := range filters {
		value, ok := map[string]string{
			"InstanceIds": n.InstanceID, "PingStatus": n.PingStatus, "PlatformTypes": n.PlatformType,
			"ResourceType": n.ResourceType,
		}[f.Key+f.OldKey]
		switch key := f.Key + f.OldKey; {
		case slices.Contains(otherNodeFilters, key) || strings.HasPrefix(key, "tag:"):
			return false, notImplemented("The sandbox does not implement the filter %s of DescribeInstanceInformation", key)
		case !ok:
			return false, fail("InvalidInstanceInformationFilterValue", "The filter key %s is not valid.", f.Key+f.OldKey)
		}
		wanted = wanted && slices.Contains(append(f.Values, f.OldValues...), value)
	}
	return wanted, nil
}

// managed says whether an instance's agent is in touch with Systems Manager: it has started, its role lets it, and it
// finds a way there. See "Setting up Systems Manager for EC2 instances".
func (i *instance) managed(r *region) bool {
	return i.State == instanceRunning && !r.now.Before(i.Launched.Add(agentStarts)) &&
		i.allowsAgent(r) && i.reachesSystemsManager(r)
}

// agentCalls are what an agent calls so that sessions can be opened: see "Verify or create an IAM role with Session Manager
// permissions" in the Systems Manager user guide.
var agentCalls = []string{
	"ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
	"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
}

// allowsAgent says whether the role in the instance's profile allows what the agent does.
func (i *instance) allowsAgent(r *region) bool {
	profile := findInstanceProfile(r.account, i.Profile)
	if profile == nil {
		return false
	}
	role := roles.get(r.account.region(globalRegion), profile.Role)
	return !slices.ContainsFunc(agentCalls, func(action string) bool {
		allowed, err := role.allows(demand{action: action, resource: "*"})
		return err != nil || !allowed
	})
}

func getConnectionStatus(c *call) (any, error) {
	var in struct{ Target string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	status := "notconnected"
	if i := instances.get(c.region, in.Target); i != nil && i.managed(c.region) {
		status = "connected"
	}
	return struct{ Target, Status string }{in.Target, status}, nil
}

// ssmSession is a session on an instance, until it is terminated.
type ssmSession struct {
	Target string
	Reason string `json:",omitempty"`
}

// maxReason is the length limit of "StartSession", Reason, in characters.
const maxReason = 256

var ssmSessions = newKind[ssmSession]("ssm-session", "")

// startSession opens a session that nothing is at the other end of: the sandbox has no shell.
func startSession(c *call) (any, error) {
	var in struct{ Target, Reason string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(in.Reason) > maxReason {
		return nil, fail("ValidationException", "1 validation error detected: Value at 'reason' failed to satisfy constraint: "+
			"Member must have length less than or equal to %d", maxReason)
	}
	i := instances.get(c.region, in.Target)
	if i == nil || !i.managed(c.region) {
		return nil, fail("TargetNotConnected", "%s is not connected.", in.Target)
	}
	id := fmt.Sprintf("sandbox-%016x", c.region.draw("ssm/session"))
	ssmSessions.put(c.region, id, &ssmSession{Target: i.ID, Reason: in.Reason})
	return struct {
		SessionID string `json:"SessionId"`
		URL       string `json:"StreamUrl"`
		Token     string `json:"TokenValue"`
	}{
		id, "wss://ssmmessages." + c.region.name + ".amazonaws.com/v1/data-channel/" + id + "?role=publish_subscribe",
		fmt.Sprintf("%032x", c.region.draw("ssm/token")),
	}, nil
}

func terminateSession(c *call) (any, error) {
	in := struct {
		ID string `json:"SessionId"`
	}{}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if ssmSessions.get(c.region, in.ID) == nil {
		return nil, fail("DoesNotExistException", "Session %s does not exist", in.ID)
	}
	ssmSessions.drop(c.region, in.ID)
	return in, nil
}
