package ui

import (
	"encoding/json"
	"io"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/verdict"
)

// The documents below are for programs: fields are added to them and never change their meaning. docs/reference has them.

type partJSON struct {
	Region    string          `json:"region"`
	Result    string          `json:"result,omitempty"`  // of a run: ready, gone, stopped or failed
	Verdict   verdict.Verdict `json:"verdict,omitempty"` // of a status: how the region is, in a word
	URL       string          `json:"url,omitempty"`
	Healthy   *int            `json:"healthy,omitempty"`
	Wanted    *int            `json:"wanted,omitempty"`    // targets that must be healthy
	Suspended []string        `json:"suspended,omitempty"` // processes of the Auto Scaling group
	Resources []resourceJSON  `json:"resources,omitempty"`
	Instances []instanceJSON  `json:"instances,omitempty"`
	Foreign   []identityJSON  `json:"foreign,omitempty"`
	Spare     []identityJSON  `json:"spare,omitempty"`
	NewerAMI  string          `json:"newerAmi,omitempty"`
	Kept      bool            `json:"kept,omitempty"` // not removed, for a region that failed
	Error     string          `json:"error,omitempty"`

	Uncompared string `json:"uncompared,omitempty"` // of a status: why what is there was not compared with the settings
}

type resourceJSON struct {
	Key     graph.Key    `json:"key"`
	ID      string       `json:"id,omitempty"`
	Phase   string       `json:"phase"`
	Why     string       `json:"why,omitempty"`
	Action  graph.Action `json:"action"`
	First   bool         `json:"createFirst,omitempty"` // of a replacement
	Changes []changeJSON `json:"changes,omitempty"`

	Reported []changeJSON `json:"reported,omitempty"` // differences that are not the program's to change
}

type changeJSON struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Fixed string `json:"refused,omitempty"` // why it can't be made in place

	Replace string `json:"replaces,omitempty"` // why it takes a replacement
}

type instanceJSON struct {
	ID        string `json:"id"`
	Zone      string `json:"zone"`
	Type      string `json:"type"`
	Lifecycle string `json:"lifecycle"`
	Health    string `json:"health"`
	Target    string `json:"target,omitempty"`
}

type identityJSON struct {
	Key   graph.Key `json:"key"`
	ID    string    `json:"id"`
	Owner string    `json:"owner"`
}

func write(w io.Writer, parts []partJSON) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Version int        `json:"version"`
		Regions []partJSON `json:"regions"`
	}{1, parts})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func planPart(region string, p *graph.Plan, err error) partJSON {
	j := partJSON{Region: region, Error: text(err)}
	if p != nil {
		j.Resources, j.Foreign, j.Spare = resourcesJSON(p.Steps), identities(p.Foreign), identities(p.Spare)
	}
	return j
}

// OutcomeJSON writes how a run of the command ended.
func OutcomeJSON(w io.Writer, command string, o stack.Outcome) error {
	var parts []partJSON
	for _, r := range o.Results {
		j := partJSON{Region: r.Region, Result: result(command, r.Err), URL: r.URL, Spare: identities(r.Spare), Kept: r.Kept, Error: text(r.Err)}
		if r.URL != "" {
			j.Healthy, j.Wanted = &r.Healthy, &r.Wanted
		}
		parts = append(parts, j)
	}
	return write(w, parts)
}

// StatusJSON writes what is there.
func StatusJSON(w io.Writer, s *stack.Status) error {
	var parts []partJSON
	for _, part := range s.Parts() {
		j := planPart(part.Region, part.Plan, part.Err)
		j.URL, j.NewerAMI, j.Verdict = part.URL, part.NewerAMI, part.Verdict()
		if part.Asked && part.Region != state.Global {
			healthy, wanted := part.Healthy(), part.Wanted
			j.Healthy, j.Wanted = &healthy, &wanted
		}
		j.Suspended, j.Uncompared = part.Suspended, text(part.Uncompared)
		health := map[string]string{}
		for _, t := range part.Targets {
			health[t.ID] = string(t.State)
		}
		for _, i := range part.Members {
			j.Instances = append(j.Instances, instanceJSON{
				ID: i.ID, Zone: i.Zone, Type: i.Type, Lifecycle: string(i.Lifecycle), Health: i.Health, Target: health[i.ID],
			})
		}
		parts = append(parts, j)
	}
	return write(w, parts)
}

func resourcesJSON(steps []graph.Step) []resourceJSON {
	all := make([]resourceJSON, 0, len(steps))
	for _, s := range steps {
		all = append(all, resourceJSON{
			Key: s.Key, ID: s.ID, Phase: s.Phase.String(), Why: s.Why, Action: s.Action, First: s.CreateFirst,
			Changes: changesJSONOf(s.Changes), Reported: changesJSONOf(s.Reported),
		})
	}
	return all
}

func changesJSONOf(changes []graph.Change) []changeJSON {
	var all []changeJSON
	for _, c := range changes {
		all = append(all, changeJSON{c.Field, c.From, c.To, c.Fixed, c.Replace})
	}
	return all
}

func identities(all []graph.Identity) []identityJSON {
	var out []identityJSON
	for _, i := range all {
		out = append(out, identityJSON{i.Key(), i.ID, i.Owner()})
	}
	return out
}
