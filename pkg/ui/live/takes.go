package live

import "time"

// Takes is how long the run will take, as a rule.
func (r Run) Takes() time.Duration {
	var start time.Time
	return New(r, start).left(start)
}
