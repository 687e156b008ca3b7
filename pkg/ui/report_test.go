package ui_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/stack"
	"provision/pkg/ui"
	"provision/pkg/ui/live"
)

func report() ui.Report {
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	begun := ui.Report{
		Run: "01JD3K8Q6ZB0C2W4M6N8P0R2T4", Command: "up", Stack: "web", Account: "123456789012", Caller: "arn:aws:iam::1:role/<x>",
		Started: noon,
	}
	return begun.Ended(noon.Add(90*time.Second), stack.Outcome{Results: []stack.Result{
		{Region: "eu-west-1", URL: "http://a.example", Healthy: 2},
		{Region: "us-east-1", Err: errors.New("us-east-1: create vpc: \"quota\" <b>&\nand more")},
		{Region: "us-west-2", Err: &stack.HeldBackError{Region: "us-west-2", Failed: []string{"us-east-1"}}},
	}}, live.Calls{All: 10, Mutating: 4, Throttled: 1})
}

func TestReportAsJSON(t *testing.T) {
	var out bytes.Buffer
	if err := report().JSON(&out); err != nil {
		t.Fatal(err)
	}
	var got ui.Report
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(report(), got); diff != "" {
		t.Error(diff)
	}
	if got.Seconds != 90 || got.Regions[0].Result != "ready" || got.Regions[1].Result != "failed" || got.Regions[1].Error == "" || got.Regions[0].Error != "" || got.Calls.Mutating != 4 {
		t.Errorf("got %+v", got)
	}
}

func TestReportAsJUnit(t *testing.T) {
	var out bytes.Buffer
	if err := report().JUnit(&out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
		Cases    []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
		} `xml:"testcase"`
	}
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if got.Tests != 3 || got.Failures != 1 || got.Skipped != 1 || got.Cases[0].Failure != nil || got.Cases[1].Failure == nil {
		t.Fatalf("got %+v", got)
	}
	if held := got.Cases[2]; held.Failure != nil || held.Skipped == nil || held.Skipped.Message == "" {
		t.Errorf("what was not begun: %+v", held)
	}
	failure := got.Cases[1].Failure
	if want := "us-east-1: create vpc: \"quota\" <b>&"; failure.Message != want || !strings.HasSuffix(failure.Text, "\nand more") {
		t.Errorf("got %+v", failure)
	}
}
