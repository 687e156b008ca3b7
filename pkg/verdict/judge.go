package verdict

// Seen is what was read of a region. The zero value has read nothing.
type Seen struct {
	Compared bool // the wanted resources were compared with what is there
	Resource int  // wanted resources
	Missing  int  // of those, how many are not there
	Changes  int  // resources that `up` would create, change, replace or delete
	Reported int  // resources with differences that `up` leaves as they are
	Pending  int  // resources that are as wanted and not ready yet

	Foreign bool // something of the stack's name belongs to another owner, and nothing of it to this one

	Serves    bool // the part has targets at all; what a stack has once has none
	Asked     bool // load balancing was asked how healthy the targets are
	Wanted    int  // targets that must be healthy
	Healthy   int  // targets that are
	Starting  int  // targets that are in their first checks, or whose instances are being launched
	Suspended bool // a process that keeps the group healthy is suspended
}

// Judge is the worst verdict that holds.
func Judge(s Seen) Verdict {
	held := []Verdict{AsWanted}
	hold := func(is bool, v Verdict) {
		if is {
			held = append(held, v)
		}
	}
	notThere := s.Compared && s.Resource > 0 && s.Missing == s.Resource
	hold(!s.Compared, Unknown)
	hold(s.Foreign, Foreign)
	hold(notThere, NotThere)
	hold(s.Changes > 0 || s.Reported > 0, Differing)
	hold(s.Pending > 0, Starting)
	if s.Serves && !notThere {
		short := s.Healthy < s.Wanted
		starts := s.Healthy+s.Starting >= s.Wanted
		hold(!s.Asked, Unknown)
		hold(s.Asked && (s.Suspended || short && !starts), Unhealthy)
		hold(s.Asked && short && starts, Starting)
	}
	return Worst(held...)
}
