package sandbox

import (
	"time"
)

// instance is a virtual machine, up to about an hour after its end.
type instance struct {
	ID          string
	Reservation string
	Index       int    // among those of one launch
	Token       string // of RunInstances
	Launched    time.Time
	State       string // one of the keys of instanceStateCodes
	Reason      string // of the last change of state that a call asked for
	Died        string // the code of why it ended right after its launch, such as Client.InternalError
	DiedOf      string // and in words
	Group       string // the Auto Scaling group that launched it

	Data    launchData // what it was launched from, with nothing left to default
	Profile string     // the ARN of its instance profile
	Image   image

	Zone      string
	SubnetID  string // empty after its end, as the VPC
	VPCID     string
	PrivateIP string
	ENI       string
	Volumes   []string

	Serving time.Time // when its user data is done and it serves; zero if it never will
	Booting string    // why it never will

	tagSet
}

var instances = newKind[instance]("instance", "i")

// The states of an instance.
const (
	instancePending      = "pending"
	instanceRunning      = "running"
	instanceShuttingDown = "shutting-down"
	instanceTerminated   = "terminated"
)

var instanceStateCodes = map[string]int{
	instancePending: 0, instanceRunning: 16, instanceShuttingDown: 32, instanceTerminated: 48,
}

var instanceListing = listing[instance]{
	of: instances, ids: "InstanceId", unknown: noInstance,
	fields: fields[instance]{
		"instance-id":              one(func(i *instance) string { return i.ID }),
		"instance-state-name":      one(func(i *instance) string { return i.State }),
		"instance-type":            one(func(i *instance) string { return i.Data.InstanceType }),
		"image-id":                 one(func(i *instance) string { return i.Image.ID }),
		"architecture":             one(func(i *instance) string { return i.Image.Architecture }),
		"availability-zone":        one(func(i *instance) string { return i.Zone }),
		"subnet-id":                one(func(i *instance) string { return i.SubnetID }),
		"vpc-id":                   one(func(i *instance) string { return i.VPCID }),
		"private-ip-address":       one(func(i *instance) string { return i.PrivateIP }),
		"reservation-id":           one(func(i *instance) string { return i.Reservation }),
		"client-token":             one(func(i *instance) string { return i.Token }),
		"iam-instance-profile.arn": one(func(i *instance) string { return i.Profile }),
		"instance.group-id":        func(i *instance) []string { return i.Data.Groups },
	},
}

func instanceArea(reg *registry) {
	reg.ec2("RunInstances", mutates|tokened, runInstances)
	reg.ec2("TerminateInstances", mutates, terminateInstances)
	reg.ec2("DescribeInstances", reads, describeInstances)
	reg.ec2("DescribeInstanceStatus", reads, describeInstanceStatus)
	metadataDefaultOperations(reg)
	reg.effect("instance-running", runningEffect)
	reg.effect("instance-terminated", terminatedEffect)
	reg.effect("instance-forgotten", func(r *region, id string) { instances.drop(r, id) })
}

func noInstance(id string) *Error {
	return fail("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", id)
}

// alive says whether an instance is there or about to be.
func (i *instance) alive() bool { return i.State == instancePending || i.State == instanceRunning }

// describeInstances answers by reservations, each with those of its instances that were asked for.
func describeInstances(c *call) (any, error) {
	found, next, err := instanceListing.describe(c)
	var reservations []*reservation
	byID := map[string]*reservation{}
	for _, i := range found {
		r := byID[i.Reservation]
		if r == nil {
			r = &reservation{ID: i.Reservation, OwnerID: c.account.id}
			byID[r.ID], reservations = r, append(reservations, r)
		}
		r.Instances = append(r.Instances, i.view(c.region))
	}
	return struct {
		Reservations []*reservation `wire:"reservationSet>item"`
		page
	}{reservations, next}, err
}
