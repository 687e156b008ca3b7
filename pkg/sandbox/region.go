package sandbox

import (
	"hash/fnv"
	"strconv"
	"sync"
	"time"
)

// globalRegion names the world of an account's services that have no region: IAM, and the buckets of S3.
const globalRegion = "global"

// account is what one AWS account has. Its lock guards everything below it.
type account struct {
	sandbox *Sandbox
	id      string

	mu      sync.Mutex
	regions map[string]*region
}

// region is the world of one account in one region. All access is under the account's lock.
type region struct {
	account *account
	name    string
	now     time.Time // of the call that is served, or of the effect that is running

	kinds  []collection // by the kinds' indices; nil where nothing was put yet
	agenda agenda
	draws  map[string]uint64
	news   map[string]time.Time // when the news is known everywhere

	dirty   bool   // something changed since it was encoded
	encoded []byte // its persisted form
}

// region is a world of the account, made when it is first asked for. The account is locked.
func (a *account) region(name string) *region {
	r := a.regions[name]
	if r == nil {
		r = &region{account: a, name: name, draws: map[string]uint64{}}
		a.regions[name] = r
	}
	return r
}

func (r *region) collection(index int) collection {
	for len(r.kinds) <= index {
		r.kinds = append(r.kinds, nil)
	}
	if r.kinds[index] == nil {
		r.kinds[index] = kinds[index].empty()
	}
	return r.kinds[index]
}

// touch notes that something changed, so that it is saved before the next answer.
func (r *region) touch() { r.dirty = true }

// draw is a number from the seed, the account, the region and how many were drawn for the purpose before. So what one
// kind of thing draws does not depend on when other kinds are made.
func (r *region) draw(purpose string) uint64 {
	n := r.draws[purpose]
	r.draws[purpose] = n + 1
	return mix(mix(hash(r.account.id+"/"+r.name+"/"+purpose)^r.account.sandbox.options.Seed) + n)
}

// between is a duration that is drawn evenly between two.
func (r *region) between(purpose string, low, high time.Duration) time.Duration {
	if high <= low {
		return low
	}
	return low + time.Duration(r.draw(purpose)%uint64(high-low+1))
}

// newID is an ID as AWS writes it: a prefix and 17 hexadecimal digits, the first of which is 0.
func (r *region) newID(prefix string) string {
	digits := strconv.FormatUint(r.draw("id/"+prefix), 16)
	return prefix + "-" + "00000000000000000"[:17-len(digits)] + digits
}

// arn names something of the account in the region.
func (r *region) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + r.name + ":" + r.account.id + ":" + resource
}

// mix spreads every bit of x over the result (the finalizer of splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // a hash takes everything
	return h.Sum64()
}
