package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"provision/pkg/foreign"
	"provision/pkg/graph"
)

// Schema is the version of the form that this package writes, and the newest it reads.
const Schema = 1

// Global is the pseudo-region of what a stack has once, such as its IAM role.
const Global = "global"

// Head identifies the stack that a state belongs to. Every part of a state that is kept in parts carries it.
type Head struct {
	Stack    string    `json:"stack"`
	Owner    string    `json:"owner"`              // a ULID; in the tags of everything that the stack made
	Account  string    `json:"account"`            // the AWS account's ID
	Sandbox  bool      `json:"sandbox"`            // made in the sandbox: never meets a real endpoint, and vice versa
	Endpoint string    `json:"endpoint,omitempty"` // host of a custom endpoint without its port; empty: AWS itself
	Created  time.Time `json:"created"`
}

// Document is everything that is known of a stack.
type Document struct {
	Schema int `json:"schema"`
	Head
	Serial  uint64            `json:"serial"` // rises with every write
	Updated time.Time         `json:"updated"`
	Regions map[string]Region `json:"regions"` // by name; Global is one of them
}

// Region is the state of one region.
type Region struct {
	Facts
	Serial    uint64                 `json:"serial"` // rises with every write that changes the region
	Resources map[graph.Key]Resource `json:"resources,omitempty"`
}

// Facts are what a run decided for a region, so that later runs decide alike.
type Facts struct {
	CIDR    string   `json:"cidr,omitempty"`
	Zones   []string `json:"zones,omitempty"`   // zone IDs, in the order of their slots
	AMI     string   `json:"ami,omitempty"`     // the image that the launch template is pinned to
	Image   string   `json:"image,omitempty"`   // what was asked for when AMI was looked up
	TagKeys []string `json:"tagKeys,omitempty"` // keys of the user's own tags that may be on the region's things

	RootDevice string `json:"rootDevice,omitempty"` // of the image; empty: as in Amazon Linux
	Desired    int    `json:"desired,omitempty"`    // the setting compute.desired that was last applied; 0: unknown
}

// Resource is what the journal knows of one resource. Its kind is the first part of its key.
type Resource struct {
	ID    string    `json:"id,omitempty"` // empty: claimed, and perhaps made
	Nonce string    `json:"nonce,omitempty"`
	Since time.Time `json:"since"` // of the claim, or of the ID once there is one

	// Former are the IDs of generations that are being replaced, or were, and that are not deleted yet.
	Former []string `json:"former,omitempty"`
}

// NewOwner mints the ULID of a new stack.
func NewOwner() string { return ulid.Make().String() }

// Check returns an [IdentityError] if a run is in another account, or uses another endpoint, than the run that created
// the state.
func (h Head) Check(run Head) error {
	for _, part := range []struct{ what, state, run string }{
		{"stack", h.Stack, run.Stack},
		{"place", h.place(), run.place()},
		{"account", h.Account, run.Account},
	} {
		if part.state != part.run {
			return &IdentityError{What: part.what, State: part.state, Run: part.run}
		}
	}
	return nil
}

// place is where a stack's things are: they exist in one place only.
func (h Head) place() string {
	switch {
	case h.Sandbox:
		return theSandbox
	case h.Endpoint != "":
		return "the endpoint " + h.Endpoint
	default:
		return "AWS"
	}
}

// Fresh reports that there is no state yet.
func (d Document) Fresh() bool { return d.Owner == "" }

// Empty reports that no region holds a resource, not even one that was only claimed.
func (d Document) Empty() bool {
	for _, region := range d.Regions {
		if len(region.Resources) > 0 {
			return false
		}
	}
	return true
}

// RegionNames are the regions' names in order, Global not among them.
func (d Document) RegionNames() []string {
	names := slices.Sorted(maps.Keys(d.Regions))
	return slices.DeleteFunc(names, func(name string) bool { return name == Global })
}

// clone shares nothing with d that could change.
func (d Document) clone() Document {
	regions := make(map[string]Region, len(d.Regions))
	for name, region := range d.Regions {
		regions[name] = region.clone()
	}
	d.Regions = regions
	return d
}

func (r Region) clone() Region {
	r.Zones, r.TagKeys = slices.Clone(r.Zones), slices.Clone(r.TagKeys)
	r.Resources = maps.Clone(r.Resources)
	return r
}

// empty reports that the state knows nothing of the region.
func (r Region) empty() bool { return r.equal(Facts{}) && len(r.Resources) == 0 }

func (f Facts) equal(g Facts) bool {
	return f.CIDR == g.CIDR && f.AMI == g.AMI && f.Image == g.Image && f.RootDevice == g.RootDevice && f.Desired == g.Desired &&
		slices.Equal(f.Zones, g.Zones) && slices.Equal(f.TagKeys, g.TagKeys)
}

// entries are the region's resources as the engine wants them, in the order of their keys.
func (r Region) entries() []graph.Entry {
	entries := make([]graph.Entry, 0, len(r.Resources))
	for _, key := range slices.Sorted(maps.Keys(r.Resources)) {
		entries = append(entries, r.Resources[key].entry(key))
	}
	return entries
}

func (r Resource) entry(key graph.Key) graph.Entry {
	return graph.Entry{Key: key, ID: r.ID, Nonce: r.Nonce, Since: r.Since, Former: slices.Clone(r.Former)}
}

func resourceOf(e graph.Entry) Resource {
	return Resource{ID: e.ID, Nonce: e.Nonce, Since: e.Since, Former: e.Former}
}

// validate finds values that no version of this program writes.
func (h Head) validate() error {
	if err := legible(h.Stack, h.Account, h.Endpoint); err != nil {
		return err
	}
	if h.Stack == "" {
		return fmt.Errorf("it names no stack")
	}
	if _, err := ulid.ParseStrict(h.Owner); err != nil {
		return fmt.Errorf("its owner %q is no ULID", h.Owner)
	}
	return nil
}

func (r Region) validate(name string) error {
	if err := legible(append(slices.Clone(r.Zones), name, r.CIDR, r.AMI, r.Image, r.RootDevice)...); err != nil {
		return err
	}
	for key, resource := range r.Resources {
		if err := legible(append(slices.Clone(resource.Former), string(key), resource.ID, resource.Nonce)...); err != nil {
			return err
		}
		if key == "" || resource.ID == "" && resource.Nonce == "" && len(resource.Former) == 0 {
			return fmt.Errorf("resource %q of %s has neither an ID nor a nonce, or no key", key, name)
		}
	}
	return nil
}

// legible is an error for a value that would do something on a terminal instead of being seen: an attacker who can write
// to the state's place could let it say what the program never said.
func legible(values ...string) error {
	for _, value := range values {
		if strings.ContainsFunc(value, foreign.Acts) {
			return fmt.Errorf("the value %q holds a control character", value)
		}
	}
	return nil
}

func (d Document) validate() error {
	if err := d.Head.validate(); err != nil {
		return err
	}
	for name, region := range d.Regions {
		if err := region.validate(name); err != nil {
			return err
		}
	}
	return nil
}

// stamp is a time as it is kept: to the millisecond, in UTC.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
