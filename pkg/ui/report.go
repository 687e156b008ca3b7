package ui

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"provision/pkg/stack"
	"provision/pkg/ui/live"
)

// Report is the record of a run after its end, for users who did not watch it.
type Report struct {
	Version int       `json:"version"`
	Run     string    `json:"run"` // a ULID; in the user agent of each call
	Command string    `json:"command"`
	Stack   string    `json:"stack"`
	Target  string    `json:"target,omitempty"` // of a fleet
	Account string    `json:"account"`
	Caller  string    `json:"caller"` // an ARN
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`

	Regions []ReportedRegion `json:"regions"`
	Calls   ReportedCalls    `json:"calls"`
}

// ReportedRegion is the result of a region: success, unless it has an error or was not started.
type ReportedRegion struct {
	Region  string `json:"region"`
	Result  string `json:"result"` // ready, gone, stopped or failed
	URL     string `json:"url,omitempty"`
	Healthy int    `json:"healthy,omitempty"` // targets behind the load balancer
	Error   string `json:"error,omitempty"`
	NotRun  string `json:"not_run,omitempty"` // why it was not started: others had failed
}

// ReportedCalls are how many calls the run made.
type ReportedCalls struct {
	All       int64 `json:"all"`
	Mutating  int64 `json:"mutating"`
	Throttled int64 `json:"throttled"`
}

// ReportVersion counts changes of meaning; fields that are added are none.
const ReportVersion = 1

// Ended completes a report.
func (r Report) Ended(at time.Time, o stack.Outcome, calls live.Calls) Report {
	r.Version, r.Seconds = ReportVersion, at.Sub(r.Started).Seconds()
	r.Calls = ReportedCalls{calls.All, calls.Mutating, calls.Throttled}
	r.Regions = []ReportedRegion{}
	for _, ended := range o.Results {
		region := ReportedRegion{Region: ended.Region, Result: result(r.Command, ended.Err), URL: ended.URL, Healthy: ended.Healthy}
		if held, ok := errors.AsType[*stack.HeldBackError](ended.Err); ok {
			region.NotRun = held.Why()
		} else {
			region.Error = text(ended.Err)
		}
		r.Regions = append(r.Regions, region)
	}
	return r
}

// JSON writes the report as one document.
func (r Report) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

type junitSuite struct {
	XMLName    xml.Name        `xml:"testsuite"`
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Skipped *junitSkipped `xml:"skipped,omitempty"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report in the form that CI systems show as tests: one for each region.
func (r Report) JUnit(w io.Writer) error {
	suite := junitSuite{
		Name: strings.TrimSpace("provision " + r.Command + " " + r.Stack + " " + r.Target), Tests: len(r.Regions),
		Time: fmt.Sprintf("%.3f", r.Seconds), Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"),
		Properties: []junitProperty{{"run", r.Run}, {"account", r.Account}, {"caller", r.Caller}},
	}
	for _, region := range r.Regions {
		c := junitCase{Class: r.Stack + "." + r.Command, Name: region.Region}
		switch {
		case region.NotRun != "":
			c.Skipped = &junitSkipped{region.NotRun}
			suite.Skipped++
		case region.Error != "":
			first, _, _ := strings.Cut(region.Error, "\n")
			c.Failure = &junitFailure{first, region.Error}
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
