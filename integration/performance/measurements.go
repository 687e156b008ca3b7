package performance

import "time"

// Floor is a number of calls, and of round trips in a row.
type Floor struct {
	Writes int `json:"writes"`
	Reads  int `json:"reads"`
	Chain  int `json:"chain"`
}

// Calls are those that change something and those that do not.
func (f Floor) Calls() int { return f.Writes + f.Reads }

// Count is the number of a command's calls in one region, next to its floor. Reads include one look for each wait.
type Count struct {
	Floor    Floor `json:"floor"`
	Measured Floor `json:"measured"`
}

// Counts are those of one NAT mode.
type Counts struct {
	Up   Count `json:"up"`
	Idle Count `json:"idle"` // an up where everything is as wanted; a plan is the same
	Down Count `json:"down"`
}

// Life is what a stack takes in a number of regions, in virtual time at AWS's durations.
type Life struct {
	Regions int     `json:"regions"`
	Up      Command `json:"up"`
	Idle    Command `json:"idle"`
	Down    Command `json:"down"`
}

// Command is what one command takes, looks included.
type Command struct {
	Calls   int           `json:"calls"`
	Refused int           `json:"refused"` // by AWS, because there were too many
	Took    time.Duration `json:"took"`    // in ns
}

// Machine is what the compiled program takes of this machine, which the figures depend on.
type Machine struct {
	Name    string        `json:"name"`
	RSS     int64         `json:"rss"`     // of an up in 17 regions, in bytes at its peak
	Plan    time.Duration `json:"plan"`    // CPU of a plan of all regions where everything is as wanted
	Version time.Duration `json:"version"` // CPU of `provision version`
	Size    int64         `json:"size"`    // of the stripped binary, in bytes
	Wall    []Wall        `json:"wall"`    // on LocalStack, behind a proxy that adds 50 ms to each call
}

// Wall is how long a command takes on LocalStack.
type Wall struct {
	Command string        `json:"command"`
	Took    time.Duration `json:"took"`
}

// The files of testdata that hold what was measured.
const (
	CountsFile  = "calls.json"
	LivesFile   = "lives.json"
	MachineFile = "machine.json"
)
