package ui

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"provision/pkg/compute"
	"provision/pkg/foreign"
	"provision/pkg/state"
)

// Recovered shows how much of each region a rebuilt state knows.
func Recovered(w io.Writer, d state.Document) {
	t := &table{}
	t.head("REGION", "RESOURCES", "NETWORK", "ZONES", "IMAGE")
	for _, name := range slices.Sorted(maps.Keys(d.Regions)) {
		r := d.Regions[name]
		t.add(foreign.Lines([]string{name, strconv.Itoa(len(r.Resources)), r.CIDR, strings.Join(compute.InUse(r.Zones), " "), r.AMI})...)
	}
	t.print(w, "")
}
