package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"provision/pkg/foreign"
	"provision/pkg/ui/paint"
)

// TargetResult is how the work on one target of a fleet ended.
type TargetResult struct {
	Target    string
	Account   string // 12 digits; empty: that of the credentials
	TakenOver bool   // from a runner that died
	Result    string // in a word
	Exit      int    // the code that it would have had alone
	Err       error
	Document  []byte // what the command writes of it as JSON; may be empty
}

// TargetHead writes the heading of a target's results.
func TargetHead(w io.Writer, target, result string) {
	fmt.Fprintln(w, paint.Bold.Render(foreign.Line(target+": "+result)))
}

// Fleet ends the results of all targets with a line for each.
func Fleet(w io.Writer, results []TargetResult) {
	t := &table{}
	t.head("TARGET", "ACCOUNT", "RESULT", "DETAIL")
	done := 0
	for _, r := range results {
		detail := ""
		if r.Exit == 0 {
			done++
		} else {
			detail = paint.Brief(text(r.Err))
		}
		if r.TakenOver {
			detail = "taken over from another runner " + detail
		}
		t.add(foreign.Lines([]string{r.Target, r.Account, r.Result, detail})...)
	}
	t.printFitting(w)
	fmt.Fprintf(w, "\n%d of %d targets are done.\n", done, len(results))
}

type fleetJSON struct {
	Version int          `json:"version"`
	Targets []targetJSON `json:"targets"`
}

type targetJSON struct {
	Target    string          `json:"target"`
	Account   string          `json:"account,omitempty"`
	Result    string          `json:"result"`
	Exit      int             `json:"exit"`
	TakenOver bool            `json:"takenOver,omitempty"`
	Error     string          `json:"error,omitempty"`
	Document  json.RawMessage `json:"document,omitempty"` // of the target alone
}

// FleetJSON writes how all targets ended, each with the document that the command writes of one stack.
func FleetJSON(w io.Writer, results []TargetResult) error {
	all := fleetJSON{Version: 1, Targets: []targetJSON{}}
	for _, r := range results {
		j := targetJSON{Target: r.Target, Account: r.Account, Result: r.Result, Exit: r.Exit, TakenOver: r.TakenOver, Error: text(r.Err)}
		if document := bytes.TrimSpace(r.Document); json.Valid(document) {
			j.Document = document
		}
		all.Targets = append(all.Targets, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(all)
}
