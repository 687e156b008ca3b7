package sandbox

import (
	"encoding/json"
	"slices"
	"time"
)

// activity is something that a group does or did.
type activity struct {
	ID          string
	Description string
	Cause       string
	Details     string // JSON
	Start       time.Time
	End         time.Time
	Status      string
	Message     string
}

// keptActivities is how many a group remembers; AWS keeps those of six weeks.
const keptActivities = 300

type activityView struct {
	ID          string    `wire:"ActivityId"`
	Group       string    `wire:"AutoScalingGroupName"`
	GroupARN    string    `wire:"AutoScalingGroupARN"`
	Description string    `wire:"Description"`
	Cause       string    `wire:"Cause"`
	Details     string    `wire:"Details"`
	Start       time.Time `wire:"StartTime"`
	End         time.Time `wire:"EndTime"`
	Status      string    `wire:"StatusCode"`
	Message     string    `wire:"StatusMessage"`
	Progress    int       `wire:"Progress"`
}

func (a *activity) view(g *scalingGroup) activityView {
	progress := 50
	if !a.End.IsZero() {
		progress = 100
	}
	return activityView{
		a.ID, g.Name, g.ARN, a.Description, a.Cause, a.Details, a.Start, a.End, a.Status, a.Message, progress,
	}
}

// begin notes an activity that starts now.
func (g *scalingGroup) begin(r *region, description, cause, zone, status string) string {
	details, err := json.Marshal(map[string]string{"Availability Zone": zone})
	if err != nil {
		details = nil // strings always have a form
	}
	a := &activity{
		ID: r.uuid(), Description: description, Details: string(details), Start: r.now, Status: status,
		Cause: "At " + r.now.UTC().Format(time.RFC3339) + " " + cause,
	}
	g.Activities = append(g.Activities, a)
	if extra := len(g.Activities) - keptActivities; extra > 0 {
		g.Activities = slices.Delete(g.Activities, 0, extra)
	}
	return a.ID
}

// finish notes that an activity has succeeded; without an ID it does nothing.
func (g *scalingGroup) finish(r *region, id string) {
	for _, a := range g.Activities {
		if a.ID == id && a.End.IsZero() {
			a.Status, a.End = "Successful", r.now
		}
	}
}

// ended closes what is in progress for a member that leaves. The launch of an instance that dies before it is in service
// ends as Cancelled and not as Failed, with the reason of its termination: that is how keys that can't be used and limits
// of volumes show ("Verify a scaling activity for an Auto Scaling group", "Troubleshoot Amazon EC2 Auto Scaling: EC2
// instance launch failures"; the words are those of terraform-aws-modules/terraform-aws-autoscaling#109).
func (g *scalingGroup) ended(r *region, m *member) {
	i := instances.get(r, m.ID)
	if m.State != memberPending || i == nil || i.alive() {
		g.finish(r, m.Activity)
		return
	}
	for _, a := range g.Activities {
		if a.ID == m.Activity {
			a.Status, a.End = "Cancelled", r.now
			a.Message = "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: " +
				orElse(i.stateReason().Message, "Client.UserInitiatedShutdown: User initiated shutdown")
			a.Description += ".  Status Reason: " + a.Message
		}
	}
}

// failed notes an activity that failed at once.
func (g *scalingGroup) failed(r *region, cause, zone, why string) {
	why += " Launching EC2 instance failed."
	g.begin(r, "Launching a new EC2 instance.  Status Reason: "+why, cause, zone, "Failed")
	last := g.Activities[len(g.Activities)-1]
	last.End, last.Message = r.now, why
}

// describeScalingActivities answers the latest first, of one group or of all.
func describeScalingActivities(c *call) (any, error) {
	if c.Has("AutoScalingGroupName") {
		if _, err := c.anyScalingGroup(); err != nil {
			return nil, err
		}
	}
	ids := c.List("ActivityIds")
	var views []activityView
	for g := range scalingGroups.all(c.region) {
		if c.Has("AutoScalingGroupName") && g.Name != c.Str("AutoScalingGroupName") {
			continue
		}
		for _, a := range slices.Backward(g.Activities) {
			if len(ids) == 0 || slices.Contains(ids, a.ID) {
				views = append(views, a.view(g))
			}
		}
	}
	slices.SortStableFunc(views, func(a, b activityView) int { return b.Start.Compare(a.Start) })
	page, next, err := paged(c.Params, "MaxRecords", "NextToken", 100, 100, views)
	return struct {
		Activities []activityView `wire:"Activities>member"`
		NextToken  string         `wire:"NextToken"`
	}{page, next}, err
}
