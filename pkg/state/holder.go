package state

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"syscall"
	"time"
)

// Holder is the run that holds a lock, as other runs see it.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	User    string    `json:"user,omitempty"`
	Command string    `json:"command"` // "up"
	Region  string    `json:"region,omitempty"`
	Since   time.Time `json:"since"`
}

// Self is this process as a holder.
func Self(command string, now time.Time) Holder {
	h := Holder{PID: os.Getpid(), Command: command, Since: stamp(now)}
	h.Host, _ = os.Hostname()
	if u, err := user.Current(); err == nil {
		h.User = u.Username
	}
	return h
}

// dead reports that the holder was a process of this host that no longer exists.
func (h Holder) dead() bool {
	if host, err := os.Hostname(); err != nil || host != h.Host {
		return false
	}
	process, err := os.FindProcess(h.PID)
	if err != nil {
		return true // only some systems tell at once
	}
	defer func() { _ = process.Release() }()
	return errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// String is a clause with the holder and the time since when it has held the lock.
func (h Holder) String() string {
	if h == (Holder{}) {
		return "a holder without a name"
	}
	text := fmt.Sprintf("`%s` (process %d on host %s", h.Command, h.PID, h.Host)
	if h.User != "" {
		text += ", user " + h.User
	}
	text += ") since " + h.Since.Format(time.RFC3339)
	if h.Region != "" {
		text += " for " + h.Region
	}
	return text
}

// same reports whether both are one run.
func (h Holder) same(other Holder) bool {
	same := h.Since.Equal(other.Since)
	h.Since, other.Since = time.Time{}, time.Time{}
	return same && h == other
}
