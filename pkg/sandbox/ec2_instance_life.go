package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// runningEffect starts an instance and its user data. Whether that works is decided here: the packages it wants come
// over the network of this moment, and user data runs but once. An instance can also end before it runs: EC2 finds out only
// then that it can't decrypt or create its volumes ("Instance terminates immediately").
func runningEffect(r *region, id string) {
	i := instances.get(r, id)
	if i == nil || i.State != instancePending {
		return
	}
	if happens := r.mishap("ec2", "InstanceRunning"); happens != nil {
		i.Died, i.DiedOf = happens.code, orElse(happens.message, "Client error on launch")
		r.terminate(i, happens.code)
		return
	}
	i.State = instanceRunning
	script := i.Data.script()
	switch {
	case !strings.Contains(script, "nginx"):
		i.Booting = "the user data starts no web server"
	case installs.MatchString(script) && !i.reachesPackages(r):
		i.Booting = "the packages can't be downloaded: the subnet has no working route out"
	default:
		i.Serving = r.now.Add(r.between("instance/user-data", userDataLow, userDataHigh))
	}
}

// installs is how user data gets software.
var installs = regexp.MustCompile(`\b(dnf|yum|microdnf|apt|apt-get)\b[^\n]*\binstall\b|\bcurl\b|\bwget\b`)

// reachesPackages says whether an instance gets at the package repositories of Amazon Linux 2023. They are in S3, so
// that a gateway endpoint for it is enough ("Package management in AL2023").
func (i *instance) reachesPackages(r *region) bool {
	at := enis.get(r, i.ENI)
	if at == nil || !r.lets(at, true, internet, https) {
		return false
	}
	return r.reachesS3(i.SubnetID) || r.egressWorks(i.SubnetID, at.Association != nil)
}

const https = 443

// publicIP is the public address of the instance's interface, automatic or Elastic.
func (i *instance) publicIP(r *region) string {
	if at := enis.get(r, i.ENI); at != nil && at.Association != nil {
		return at.Association.PublicIP
	}
	return ""
}

// serves says whether the web server answers by now.
func (i *instance) serves(now time.Time) bool {
	return i.State == instanceRunning && !i.Serving.IsZero() && !now.Before(i.Serving)
}

// A word boundary before it would cost ten times as much: there would be no literal text to search for.
var listens = regexp.MustCompile(`listen\s+(?:\[::\]:)?(\d+)`)

// listensOn says whether the web server has a port: 80, or those that the user data configures.
func (i *instance) listensOn(port string) bool {
	found := listens.FindAllStringSubmatch(i.Data.script(), -1)
	if len(found) == 0 {
		return port == "80"
	}
	return slices.ContainsFunc(found, func(match []string) bool { return match[1] == port })
}

// hasPath says whether the web server finds something there: nginx has a welcome page, the rest is up to the user data.
func (i *instance) hasPath(path string) bool {
	return path == "/" || path == "/index.html" || strings.Contains(i.Data.script(), path)
}

// terminate ends an instance, as AWS or a user asks for it.
func (r *region) terminate(i *instance, reason string) {
	if !i.alive() {
		return
	}
	i.State = instanceShuttingDown
	i.Reason = reason + " (" + r.now.UTC().Format("2006-01-02 15:04:05 GMT") + ")"
	r.after(r.between("instance/end", instanceEndsLow, instanceEndsHigh), "instance-terminated", i.ID)
}

// terminatedEffect gives back what an instance held. It is still listed for a while, with its tags.
func terminatedEffect(r *region, id string) {
	i := instances.get(r, id)
	if i == nil || i.State != instanceShuttingDown {
		return
	}
	i.State = instanceTerminated
	r.dropENI(i.ENI)
	for _, volumeID := range i.Volumes {
		leaveVolume(r, volumeID)
	}
	i.SubnetID, i.VPCID, i.PrivateIP, i.ENI, i.Volumes = "", "", "", "", nil
	i.Data.Groups = nil
	r.after(instanceForgotten, "instance-forgotten", id)
}

// instanceChange is what the calls that change states answer for each instance.
type instanceChange struct {
	ID       string            `wire:"instanceId"`
	Current  instanceStateView `wire:"currentState"`
	Previous instanceStateView `wire:"previousState"`
}

func terminateInstances(c *call) (any, error) {
	ids := c.List("InstanceId")
	if len(ids) == 0 {
		return nil, missing("InstanceId")
	}
	for _, id := range ids {
		i := instances.get(c.region, id)
		if i == nil {
			return nil, noInstance(id)
		}
		if isTrue(i.Data.Protected) && i.alive() {
			return nil, fail("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its "+
				"'disableApiTermination' instance attribute and try again.", id)
		}
	}
	var changes []instanceChange
	for _, id := range ids {
		i := instances.get(c.region, id)
		change := instanceChange{ID: id, Previous: i.stateView()}
		c.region.terminate(i, "User initiated")
		change.Current = i.stateView()
		changes = append(changes, change)
	}
	return struct {
		Changes []instanceChange `wire:"instancesSet>item"`
	}{changes}, nil
}
