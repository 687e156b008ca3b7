package ui

import (
	"encoding/json"
	"io"

	"provision/pkg/effect"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

// planVersion is the version of what [PlanJSON] and [RemovalJSON] write. docs/reference/plan.schema.json is its schema;
// what is added to the document is added there, and what would change its meaning needs another version.
const planVersion = 1

type planJSON struct {
	Version int          `json:"version"`
	Changes changesJSON  `json:"changes"`
	Regions []regionJSON `json:"regions"`
	Dropped []string     `json:"dropped,omitempty"` // regions of the state that the settings list no more
}

type changesJSON struct {
	Create  int `json:"create"`
	Update  int `json:"update"`
	Replace int `json:"replace"`
	Delete  int `json:"delete"`

	Instances int `json:"instances"` // that are replaced or end
}

type regionJSON struct {
	partJSON
	Calls   stack.Calls  `json:"calls,omitempty"` // how often each operation is called that changes something
	Effects []effectJSON `json:"effects,omitempty"`
	Launch  *launchJSON  `json:"launch,omitempty"`
}

type effectJSON struct {
	Kind      effect.Kind `json:"kind"`
	Text      string      `json:"text"`
	From      string      `json:"from,omitempty"`
	To        string      `json:"to,omitempty"`
	Instances int         `json:"instances,omitempty"`
	Of        int         `json:"of,omitempty"`
	Seconds   int         `json:"seconds,omitempty"` // as a rule
}

type launchJSON struct {
	Script string       `json:"script,omitempty"` // a unified diff
	Tags   []changeJSON `json:"tags,omitempty"`
	Error  string       `json:"error,omitempty"`
}

func effectsJSON(all []effect.Effect) []effectJSON {
	var list []effectJSON
	for _, e := range all {
		list = append(list, effectJSON{
			Kind: e.Kind, Text: e.Text, From: e.From, To: e.To, Instances: e.Instances, Of: e.Of, Seconds: int(e.Takes.Seconds()),
		})
	}
	return list
}

func launchDifferenceJSON(d *stack.LaunchDifference) *launchJSON {
	if d == nil {
		return nil
	}
	return &launchJSON{Script: d.Script, Tags: changesJSONOf(d.Tags), Error: text(d.Err)}
}

// PlanJSON writes a plan.
func PlanJSON(w io.Writer, p *stack.Plan) error {
	var regions []regionJSON
	instances := 0
	for _, part := range p.Parts() {
		regions = append(regions, regionJSON{
			planPart(part.Region, part.Plan, part.Err), part.Calls(), effectsJSON(part.Effects), launchDifferenceJSON(part.Launch),
		})
		instances += effect.Replacements(part.Effects)
	}
	return writePlan(w, changesJSON{
		p.Count(graph.Create), p.Count(graph.Update), p.Count(graph.Replace), p.Count(graph.Delete), instances,
	}, regions, p.Dropped.Regions)
}

// RemovalJSON writes what would be deleted.
func RemovalJSON(w io.Writer, r *stack.Removal) error {
	var regions []regionJSON
	for _, part := range r.Parts() {
		j := regionJSON{partJSON: partJSON{Region: part.Region, Error: text(part.Err)}, Calls: part.Calls()}
		if part.Removal != nil {
			j.Resources = resourcesJSON(part.Removal.Steps)
		}
		regions = append(regions, j)
	}
	return writePlan(w, changesJSON{Delete: r.Count()}, regions, nil)
}

func writePlan(w io.Writer, changes changesJSON, regions []regionJSON, dropped []string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(planJSON{planVersion, changes, regions, dropped})
}
