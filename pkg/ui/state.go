package ui

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/state"
	"provision/pkg/ui/paint"
)

// State shows whose state it is and what it decided for each region.
func State(w io.Writer, location string, d state.Document) {
	t := &table{}
	t.add("state", foreign.Line(location))
	t.add("stack", foreign.Line(d.Stack))
	t.add("owner", foreign.Line(d.Owner))
	t.add("account", foreign.Line(d.Account))
	switch {
	case d.Sandbox:
		t.add("place", "sandbox")
	case d.Endpoint != "":
		t.add("place", foreign.Line(d.Endpoint))
	}
	t.add("created", d.Created.Format(time.RFC3339))
	t.add("updated", fmt.Sprintf("%s (serial %d)", d.Updated.Format(time.RFC3339), d.Serial))
	t.print(w, "")
	fmt.Fprintln(w)
	Recovered(w, d)
}

// Record is one resource that a state knows.
type Record struct {
	Region string    `json:"region"`
	Key    graph.Key `json:"key"`
	ID     string    `json:"id,omitempty"` // empty: claimed, and perhaps made
	Nonce  string    `json:"nonce,omitempty"`
	Since  time.Time `json:"since"`
}

// Records are what a state knows: of all regions or some, and of one key or all.
func Records(d state.Document, key string, regions ...string) []Record {
	all := []Record{}
	for _, name := range slices.Sorted(maps.Keys(d.Regions)) {
		if len(regions) > 0 && !slices.Contains(regions, name) {
			continue
		}
		known := d.Regions[name].Resources
		for _, k := range slices.Sorted(maps.Keys(known)) {
			if key == "" || key == string(k) {
				all = append(all, Record{Region: name, Key: k, ID: known[k].ID, Nonce: known[k].Nonce, Since: known[k].Since})
			}
		}
	}
	return all
}

// RecordTable shows records with a line for each.
func RecordTable(w io.Writer, all []Record) {
	t := &table{}
	t.head("REGION", "RESOURCE", "ID", "SINCE")
	for _, r := range all {
		id := shortID(r.ID)
		if id == "" {
			id = paint.Warning.Render("claimed")
		}
		t.add(foreign.Line(r.Region), foreign.Line(string(r.Key)), id, paint.Faint.Render(r.Since.Format(time.RFC3339)))
	}
	t.print(w, "")
}

// Version is a state that can be gone back to, for programs.
type Version struct {
	ID      string    `json:"id"`
	Region  string    `json:"region,omitempty"` // empty: everything
	Serial  uint64    `json:"serial,omitempty"` // 0: not known without reading it
	Time    time.Time `json:"time"`
	Current bool      `json:"current"`
}

// Versions are the versions for programs.
func Versions(versions []state.Version) []Version {
	all := []Version{}
	for _, v := range versions {
		all = append(all, Version(v))
	}
	return all
}

// VersionTable shows versions with a line for each.
func VersionTable(w io.Writer, versions []state.Version) {
	t := &table{}
	t.head("VERSION", "TIME", "SERIAL", "")
	for _, v := range versions {
		serial, current := "", ""
		if v.Serial > 0 {
			serial = strconv.FormatUint(v.Serial, 10)
		}
		if v.Current {
			current = paint.Good.Render("current")
		}
		t.add(foreign.Line(v.ID), v.Time.UTC().Format(time.RFC3339), serial, current)
	}
	t.print(w, "")
}
