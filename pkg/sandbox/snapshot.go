package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// snapshot is the persisted form.
type snapshot struct {
	Sandbox  bool `json:"sandbox"` // marks the file as no state of a real account
	Version  int
	Real     time.Time // when it was taken
	Virtual  time.Time // what the sandbox's clock said then
	Accounts map[string]map[string]json.RawMessage
}

const snapshotVersion = 1

type regionSnapshot struct {
	Things map[string]json.RawMessage // by kind
	Agenda agenda
	Draws  map[string]uint64
}

// Snapshot is everything in the sandbox, as JSON. It has the member "sandbox": true.
func (s *Sandbox) Snapshot() ([]byte, error) {
	out := snapshot{
		Sandbox: true, Version: snapshotVersion, Real: time.Now().UTC(), Virtual: s.clock.Now().UTC(),
		Accounts: map[string]map[string]json.RawMessage{},
	}
	s.mu.Lock()
	accounts := maps.Clone(s.accounts)
	s.mu.Unlock()
	for id, a := range accounts {
		regions, err := a.encode()
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", id, err)
		}
		out.Accounts[id] = regions
	}
	return json.Marshal(out)
}

// encode is the account's regions; those that did not change since the last time are not encoded again.
func (a *account) encode() (map[string]json.RawMessage, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[string]json.RawMessage{}
	for name, r := range a.regions {
		if r.dirty || r.encoded == nil {
			encoded, err := r.encode()
			if err != nil {
				return nil, fmt.Errorf("region %s: %w", name, err)
			}
			r.encoded, r.dirty = encoded, false
		}
		out[name] = r.encoded
	}
	return out, nil
}

func (r *region) encode() (json.RawMessage, error) {
	out := regionSnapshot{Things: map[string]json.RawMessage{}, Agenda: r.agenda, Draws: r.draws}
	for index, things := range r.kinds {
		if things == nil {
			continue
		}
		encoded, err := things.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kinds[index].name, err)
		}
		out.Things[kinds[index].name] = encoded
	}
	return json.Marshal(out)
}

// Restore replaces everything in the sandbox by what a snapshot holds.
func (s *Sandbox) Restore(data []byte) error {
	var in snapshot
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("not the snapshot of a sandbox: %w", err)
	}
	if !in.Sandbox || in.Version != snapshotVersion {
		return fmt.Errorf("not the snapshot of a sandbox of version %d", snapshotVersion)
	}
	accounts := map[string]*account{}
	for id, regions := range in.Accounts {
		a := &account{sandbox: s, id: id, regions: map[string]*region{}}
		for name, encoded := range regions {
			if err := a.region(name).restore(encoded); err != nil {
				return fmt.Errorf("account %s, region %s: %w", id, name, err)
			}
		}
		accounts[id] = a
	}
	if c, ok := s.clock.(*ScaledClock); ok {
		c.advanceTo(in.Virtual.Add(max(0, time.Since(in.Real))))
	}
	s.mu.Lock()
	s.accounts = accounts
	s.mu.Unlock()
	return nil
}

func (r *region) restore(data []byte) error {
	var in regionSnapshot
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	if in.Draws != nil {
		r.draws = in.Draws
	}
	r.agenda = in.Agenda
	for name, encoded := range in.Things {
		index := slices.IndexFunc(kinds, func(k kindInfo) bool { return k.name == name })
		if index < 0 {
			return fmt.Errorf("a newer sandbox wrote %q, which this one does not know", name)
		}
		if err := r.collection(index).UnmarshalJSON(encoded); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
