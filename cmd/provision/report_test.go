package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
	"provision/pkg/ui"
)

// A region that fails is in the report, next to one that does not, under the run's ID that the log has too.
func TestReportOfARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refused, err := sandbox.ParseFault("us-east-1/ec2:CreateSubnet#1/code=SubnetLimitExceeded")
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, sandbox.Options{Faults: []sandbox.Fault{refused}}, smallStack)
		asJSON, asXML, log := filepath.Join(w.dir, "up.json"), filepath.Join(w.dir, "up.xml"), filepath.Join(w.dir, "calls.ndjson")
		w.must(ending.Partial, w.run("up", "--regions", "eu-west-1,us-east-1", "--yes", "--report", asJSON, "--log-file", log))
		text, err := os.ReadFile(asJSON)
		if err != nil {
			t.Fatal(err)
		}
		var got ui.Report
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		errors := map[string]string{}
		for _, r := range got.Regions {
			errors[r.Region] = r.Error
		}
		if errors["eu-west-1"] != "" || !strings.Contains(errors["us-east-1"], "SubnetLimitExceeded") {
			t.Errorf("errors: %v", errors)
		}
		if got.Account != sandbox.DefaultAccount || got.Calls.Mutating == 0 || got.Seconds == 0 {
			t.Errorf("got %+v", got)
		}
		lines, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(lines)) {
			var call struct{ Run, RequestID, Operation string }
			if err := json.Unmarshal([]byte(line), &call); err != nil || call.Run != got.Run || call.RequestID == "" {
				t.Fatalf("%v: not of run %s, or without a request's ID: %s", err, got.Run, line)
			}
		}
		w.must(ending.Done, w.run("up", "--regions", "eu-west-1,us-east-1", "--yes", "--report", asXML))
		if text, err = os.ReadFile(asXML); err != nil || !strings.Contains(string(text), `failures="0"`) {
			t.Errorf("%v: %s", err, text)
		}
	})
}
