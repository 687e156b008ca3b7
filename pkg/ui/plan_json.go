package ui

import (
	"encoding/json"
	"io"

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
}

type changesJSON struct {
	Create  int `json:"create"`
	Update  int `json:"update"`
	Replace int `json:"replace"`
	Delete  int `json:"delete"`
}

type regionJSON struct {
	partJSON
	Calls stack.Calls `json:"calls,omitempty"` // how often each operation is called that changes something
}

// PlanJSON writes a plan.
func PlanJSON(w io.Writer, p *stack.Plan) error {
	var regions []regionJSON
	for _, part := range p.Parts() {
		regions = append(regions, regionJSON{planPart(part.Region, part.Plan, part.Err), part.Calls()})
	}
	return writePlan(w, changesJSON{
		p.Count(graph.Create), p.Count(graph.Update), p.Count(graph.Replace), p.Count(graph.Delete),
	}, regions)
}

// RemovalJSON writes what would be deleted.
func RemovalJSON(w io.Writer, r *stack.Removal) error {
	var regions []regionJSON
	for _, part := range r.Parts() {
		j := regionJSON{partJSON{Region: part.Region, Error: text(part.Err)}, part.Calls()}
		if part.Removal != nil {
			j.Resources = resourcesJSON(part.Removal.Steps)
		}
		regions = append(regions, j)
	}
	return writePlan(w, changesJSON{Delete: r.Count()}, regions)
}

func writePlan(w io.Writer, changes changesJSON, regions []regionJSON) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(planJSON{planVersion, changes, regions})
}
