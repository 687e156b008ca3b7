package sandbox

import "encoding/json"

// Dump is everything that exists in an account, as indented JSON: region, kind, ID, thing, each sorted by name. Equal
// accounts have equal dumps, and an empty one's is {}. Resources that are only listed because they existed a while ago (a deleted
// NAT gateway, a terminated instance) are part of it if tombstones is set.
func (s *Sandbox) Dump(accountID string, tombstones bool) ([]byte, error) {
	a := s.account(accountID)
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[string]map[string]map[string]any{}
	now := s.clock.Now()
	for name, r := range a.regions {
		r.settle(now)
		if things := r.things(tombstones); len(things) > 0 {
			out[name] = things
		}
	}
	return json.MarshalIndent(out, "", "  ")
}

// passed is implemented by things that may be there in name only.
type passed interface{ passed() bool }

// bookkeeping is implemented by what the sandbox remembers and no account has.
type bookkeeping interface{ bookkeeping() }

func (*token) bookkeeping()        {}
func (*session) bookkeeping()      {}
func (*imageRelease) bookkeeping() {}
func (*bucketName) bookkeeping()   {}

func (n *natGateway) passed() bool { return n.State == natDeleted || n.State == natFailed }
func (i *instance) passed() bool   { return i.State == instanceTerminated }

// things are those of a region, by kind and ID.
func (r *region) things(tombstones bool) map[string]map[string]any {
	out := map[string]map[string]any{}
	for index, all := range r.kinds {
		if all == nil {
			continue
		}
		all.each(func(id string, thing any) bool {
			_, hidden := thing.(bookkeeping)
			if ghost, ok := thing.(passed); hidden || ok && ghost.passed() && !tombstones {
				return true
			}
			kind := kinds[index].name
			if out[kind] == nil {
				out[kind] = map[string]any{}
			}
			out[kind][id] = thing
			return true
		})
	}
	return out
}
