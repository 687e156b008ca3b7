package sandbox

import (
	"sync"
	"sync/atomic"
	"time"

	"provision/pkg/clock"
)

// DefaultAccount is the account of callers whose access key does not name one. An access key of 12 digits is an
// account of its own, and so are the temporary keys that are made for one: ASIA, 12 digits, anything.
const DefaultAccount = "123456789012"

// Options are how a sandbox differs from plain AWS. The zero value is AWS with new accounts, in real time.
type Options struct {
	Clock clock.Clock // nil: real time
	Seed  uint64      // of IDs, durations and drawn faults: the same calls in the same order get the same answers

	// ReadLag is how many reads of its kind do not yet see a new thing: by ID it is not found, by filter it is missing.
	ReadLag int
	// UseLag is for how long other calls do not know a new thing that they name, or what was new about one.
	UseLag time.Duration
	// Throttling bounds the rate of calls per account, region and API as EC2 does.
	Throttling bool
	// Latency is how long a call takes, in the clock's time; its effect is half way.
	Latency time.Duration

	// Constrained are the IDs of zones in which AWS no longer expands: NAT gateways and load balancers are refused there.
	Constrained []string

	// EnforceIAM decides each call by the policies of the role that the caller has assumed, and each assumption by the
	// conditions of the role's trust policy.
	EnforceIAM bool

	// Quotas replaces default quotas by name, see [Quota].
	Quotas map[Quota]int
	// OptedIn are regions that need an opt-in and have it.
	OptedIn []string

	Faults []Fault // each is tried on every call
	Chaos  Chaos   // faults that are drawn

	// Intercept, if not nil, is called before and after each call. An error cuts the connection: before, the call has
	// no effect; after, its answer is lost.
	Intercept func(Call, Moment) error

	// Watch, if not nil, sees each region after each call and each effect in it. It must not call the sandbox.
	Watch func(Scene)
}

// Sandbox is AWS: all services, regions and accounts. It is an [net/http.Handler], and by [Sandbox.Do] an HTTP client.
type Sandbox struct {
	options  Options
	clock    clock.Clock
	registry *registry
	faults   *faults
	limiters limiters
	calls    callLog
	store    *store // nil: in memory only

	requests atomic.Uint64

	mu       sync.Mutex
	accounts map[string]*account
}

// New returns a sandbox in memory, with nothing in any account.
func New(o Options) *Sandbox {
	s := &Sandbox{options: o, clock: o.Clock, registry: newRegistry(catalog()), accounts: map[string]*account{}}
	if s.clock == nil {
		s.clock = clock.Real{}
	}
	s.faults = newFaults(o.Faults)
	return s
}

// Clock is the sandbox's time. Waits for something in the sandbox are waits on this clock.
func (s *Sandbox) Clock() clock.Clock { return s.clock }

// Reset removes everything from all accounts.
func (s *Sandbox) Reset() error {
	s.mu.Lock()
	s.accounts = map[string]*account{}
	s.mu.Unlock()
	return s.save()
}

// account is made when it is first asked for.
func (s *Sandbox) account(id string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[id]
	if a == nil {
		a = &account{sandbox: s, id: id, regions: map[string]*region{}}
		s.accounts[id] = a
	}
	return a
}
