package lifecycle

import (
	"encoding/json"

	"provision/integration/inventory"
)

// untagged are kinds that AWS creates automatically, with no way to set their tags; and volumes, which LocalStack does
// not tag as the launch template demands. Package sandbox does, and tests it.
var untagged = map[string]bool{"network-acl": true, "network-interface": true, "volume": true}

// checkTags requires the stack's tags, and the user's, on everything that was made in a region.
func checkTags(w *world, region string) {
	w.t.Helper()
	for _, r := range w.made().In(region) {
		tags := tagsOf(w, r)
		if untagged[r.Kind] || comesWithVPC(r, tags) {
			continue
		}
		if tags["provision:stack"] != "web" || tags["provision:owner"] == "" || tags["provision:key"] == "" || tags["Name"] == "" || tags["team"] != "platform" {
			w.t.Errorf("%s: %s %s has tags %v", region, r.Kind, r.ID, tags)
		}
	}
}

// comesWithVPC knows a VPC's main route table and default security group: they have no tags at all.
func comesWithVPC(r inventory.Resource, tags map[string]string) bool {
	return len(tags) == 0 && (r.Kind == "route-table" || r.Kind == "security-group")
}

// tagsOf collects a resource's tags from wherever AWS describes them.
func tagsOf(w *world, r inventory.Resource) map[string]string {
	w.t.Helper()
	var value any
	if err := json.Unmarshal([]byte(r.Text), &value); err != nil {
		w.t.Fatal(err)
	}
	tags := map[string]string{}
	collectTags(value, tags)
	return tags
}

func collectTags(value any, into map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		delete(v, "LaunchTemplateData") // what is launched has those
		key, isTag := v["Key"].(string)
		if text, ok := v["Value"].(string); ok && isTag {
			into[key] = text
		}
		for _, field := range v {
			collectTags(field, into)
		}
	case []any:
		for _, element := range v {
			collectTags(element, into)
		}
	}
}
