package proxy

import "net/http"

// Mode is what happens to a call.
type Mode int

// The modes.
const (
	Refuse      Mode = iota // AWS is not asked; the answer is an error
	DropRequest             // AWS is not asked, and the connection is closed
	LoseAnswer              // AWS does it, and the connection is closed without the answer
	Pass                    // AWS does it: for a Fault that only runs its Then
)

// Fault is what happens to the calls that match all of its conditions.
type Fault struct {
	Region string // empty: each
	Name   string // such as ec2:CreateVpc or ec2:*; empty: each
	Writes bool   // mutating calls only
	Nth    int    // just the n-th match, from 1; 0: each

	Mode   Mode
	Status int    // of a refusal; 0: 403
	Code   string // AWS's error code of a refusal; empty: UnauthorizedOperation
	Then   func() // runs when it strikes: before AWS is asked, with LoseAnswer after AWS did it
}

// pending counts down the matches of a fault.
type pending struct {
	Fault
	seen int
}

func (f *pending) strikes(c Call) bool {
	if f.Region != "" && f.Region != c.Region || !matches(f.Name, c.Name()) || f.Writes && !c.Mutating {
		return false
	}
	f.seen++
	return f.Nth == 0 || f.Nth == f.seen
}

func (f *Fault) status() int {
	if f.Status == 0 {
		return http.StatusForbidden
	}
	return f.Status
}

func (f *Fault) code() string {
	if f.Code == "" {
		return "UnauthorizedOperation"
	}
	return f.Code
}

func (f *Fault) then() {
	if f.Then != nil {
		f.Then()
	}
}
