package sandbox

import (
	"net/http"
	"slices"
	"strconv"

	"provision/pkg/sandbox/wire"
)

// place is an AWS region.
type place struct {
	name, zoneID string // zoneID is the start of the IDs of its zones
	zones        []int  // the numbers of its zones' IDs
	optIn        bool   // new accounts must ask for it
}

// places are the commercial regions ("AWS Regions and Availability Zones", "AWS Availability Zone IDs").
var places = []place{
	{"af-south-1", "afs1", []int{1, 2, 3}, true},
	{"ap-east-1", "ape1", []int{1, 2, 3}, true},
	{"ap-east-2", "ape2", []int{1, 2, 3}, true},
	{"ap-northeast-1", "apne1", []int{1, 2, 4}, false},
	{"ap-northeast-2", "apne2", []int{1, 2, 3, 4}, false},
	{"ap-northeast-3", "apne3", []int{1, 2, 3}, false},
	{"ap-south-1", "aps1", []int{1, 2, 3}, false},
	{"ap-south-2", "aps2", []int{1, 2, 3}, true},
	{"ap-southeast-1", "apse1", []int{1, 2, 3}, false},
	{"ap-southeast-2", "apse2", []int{1, 2, 3}, false},
	{"ap-southeast-3", "apse3", []int{1, 2, 3}, true},
	{"ap-southeast-4", "apse4", []int{1, 2, 3}, true},
	{"ap-southeast-5", "apse5", []int{1, 2, 3}, true},
	{"ap-southeast-6", "apse6", []int{1, 2, 3}, true},
	{"ap-southeast-7", "apse7", []int{1, 2, 3}, true},
	{"ca-central-1", "cac1", []int{1, 2, 4}, false},
	{"ca-west-1", "caw1", []int{1, 2, 3}, true},
	{"eu-central-1", "euc1", []int{1, 2, 3}, false},
	{"eu-central-2", "euc2", []int{1, 2, 3}, true},
	{"eu-north-1", "eun1", []int{1, 2, 3}, false},
	{"eu-south-1", "eus1", []int{1, 2, 3}, true},
	{"eu-south-2", "eus2", []int{1, 2, 3}, true},
	{"eu-west-1", "euw1", []int{1, 2, 3}, false},
	{"eu-west-2", "euw2", []int{1, 2, 3}, false},
	{"eu-west-3", "euw3", []int{1, 2, 3}, false},
	{"il-central-1", "ilc1", []int{1, 2, 3}, true},
	{"me-central-1", "mec1", []int{1, 2, 3}, true},
	{"me-south-1", "mes1", []int{1, 2, 3}, true},
	{"me-west-1", "mew1", []int{1, 2, 3}, true},
	{"mx-central-1", "mxc1", []int{1, 2, 3}, true},
	{"sa-east-1", "sae1", []int{1, 2, 3}, false},
	{"sa-west-1", "saw1", []int{1, 2, 3}, true},
	{"us-east-1", "use1", []int{1, 2, 3, 4, 5, 6}, false},
	{"us-east-2", "use2", []int{1, 2, 3}, false},
	{"us-west-1", "usw1", []int{1, 3}, false},
	{"us-west-2", "usw2", []int{1, 2, 3, 4}, false},
}

// zone is an availability zone as an account sees it.
type zone struct {
	name, id string // e.g. us-east-1a, use1-az4
}

func placeOf(region string) *place {
	i := slices.IndexFunc(places, func(p place) bool { return p.name == region })
	if i < 0 {
		return nil
	}
	return &places[i]
}

// zones of a region, by name. Which ID a name stands for differs between accounts, as in AWS.
func (r *region) zones() []zone {
	p := placeOf(r.name)
	turn := int(mix(uint64(len(r.account.id))+uint64(r.account.id[0])*31+uint64(r.account.id[11])) % uint64(len(p.zones)))
	out := make([]zone, len(p.zones))
	for i := range p.zones {
		number := p.zones[(i+turn)%len(p.zones)]
		out[i] = zone{name: r.name + string(rune('a'+i)), id: p.zoneID + "-az" + strconv.Itoa(number)}
	}
	return out
}

// zone is the one with that name or ID.
func (r *region) zone(nameOrID string) (zone, bool) {
	for _, z := range r.zones() {
		if z.name == nameOrID || z.id == nameOrID {
			return z, true
		}
	}
	return zone{}, false
}

func (r *region) zoneNames() []string {
	var out []string
	for _, z := range r.zones() {
		out = append(out, z.name)
	}
	return out
}

// offers refuses regions that do not exist or are not enabled for accounts.
func (s *Sandbox) offers(region string) *Error {
	if p := placeOf(region); p != nil && (!p.optIn || slices.Contains(s.options.OptedIn, region)) {
		return nil
	}
	return wire.FailWith(http.StatusUnauthorized, "AuthFailure", "AWS was not able to validate the provided access credentials")
}
