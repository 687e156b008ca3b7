package lifecycle

import (
	"encoding/json"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// document is what the program prints with `-o json`, as far as the tests read it.
type document struct {
	Regions []region `json:"regions"`
}

type region struct {
	Region    string     `json:"region"`
	URL       string     `json:"url"`
	Healthy   int        `json:"healthy"`
	Error     string     `json:"error"`
	Kept      bool       `json:"kept"`
	Resources []resource `json:"resources"`
	Instances []struct {
		Target string `json:"target"`
	} `json:"instances"`
	Foreign []struct {
		Owner string `json:"owner"`
	} `json:"foreign"`
}

type resource struct {
	Key     string `json:"key"`
	Action  string `json:"action"`
	Changes []struct {
		Field   string `json:"field"`
		Refused string `json:"refused"`
	} `json:"changes"`
}

// in is a region of what was printed.
func (r result) in(name string) region {
	r.t.Helper()
	var d document
	if err := json.Unmarshal([]byte(r.out), &d); err != nil {
		r.t.Fatalf("provision %s: %v in\n%s", r.command, err, r.out)
	}
	for _, region := range d.Regions {
		if region.Region == name {
			return region
		}
	}
	r.t.Fatalf("provision %s: no region %s in\n%s", r.command, name, r.out)
	return region{}
}

// differences are a region's resources that are not as desired: the action, the resource, and the fields that change.
func (r region) differences() []string {
	var all []string
	for _, resource := range r.Resources {
		if resource.Action == "keep" || resource.Action == "wait" {
			continue
		}
		var fields []string
		for _, change := range resource.Changes {
			fields = append(fields, change.Field)
		}
		all = append(all, strings.TrimSuffix(resource.Action+" "+resource.Key+": "+strings.Join(fields, ", "), ": "))
	}
	return all
}

// differs requires just these differences in a region, in any order.
func (r result) differs(name string, want ...string) result {
	r.t.Helper()
	sorted := cmpopts.SortSlices(strings.Compare)
	if diff := cmp.Diff(want, r.in(name).differences(), sorted, cmpopts.EquateEmpty()); diff != "" {
		r.t.Errorf("provision %s: %s differs (-want +got):\n%s", r.command, name, diff)
	}
	return r
}

// made requires a region that is whole by what the program says of it.
func (r result) made(name string, healthy int) {
	r.t.Helper()
	got := r.in(name)
	if got.Error != "" || got.Healthy != healthy || got.URL != "http://provision-web-1."+name+".elb.amazonaws.com" {
		r.t.Errorf("provision %s: %s has %d healthy instances behind %q, error %q; want %d", r.command, name, got.Healthy,
			got.URL, got.Error, healthy)
	}
}
