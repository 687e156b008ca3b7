package state

import (
	"cmp"
	"context"
	"fmt"
)

// The versions of a local state.
const (
	VersionCurrent = "current"
	VersionBackup  = "backup" // the file before the last run that changed it
)

// History implements [Store]. A version that can't be read is left out, unless there is no other: then the
// error says what is wrong with it.
func (s *Local) History(context.Context) ([]Version, error) {
	var all []Version
	var unread error
	for _, id := range []string{VersionCurrent, VersionBackup} {
		d, _, err := s.read(s.versionPath(id))
		unread = cmp.Or(unread, err)
		if err != nil || d.Fresh() {
			continue
		}
		all = append(all, Version{ID: id, Serial: d.Serial, Time: d.Updated, Current: id == VersionCurrent})
	}
	if len(all) == 0 && unread != nil {
		return nil, fmt.Errorf("there is no version to go back to: %w", unread)
	}
	return all, nil
}

// LoadVersion implements [Store].
func (s *Local) LoadVersion(_ context.Context, id string) (Document, error) {
	path := s.versionPath(id)
	if path == "" {
		return Document{}, fmt.Errorf("the state %s has no version %q: it has %q and %q", s.path, id, VersionCurrent,
			VersionBackup)
	}
	d, _, err := s.read(path)
	if err == nil && d.Fresh() {
		err = fmt.Errorf("the state %s has no version %q yet", s.path, id)
	}
	return d, err
}

func (s *Local) versionPath(id string) string {
	return map[string]string{VersionCurrent: s.path, VersionBackup: s.backupPath()}[id]
}
