package state

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"provision/pkg/graph"
)

// TestMain also runs the other processes of the tests: this binary started again with a role.
func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		if err := roles[role](os.Getenv(pathVariable)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

var someTime = time.Date(2026, 11, 24, 3, 4, 5, 6_000_000, time.UTC)

const (
	owner1 = "01JDEGY4ZT3M8S6V0QW2X5R7AB"
	owner2 = "01JDEGZZZT3M8S6V0QW2X5R7CD"
)

var someHead = Head{Stack: "web", Owner: owner1, Account: "123456789012", Created: someTime}

// someDocument has a bit of everything, characters that JSON and HTML quote among it.
func someDocument() Document {
	return Document{
		Schema: Schema, Head: someHead, Serial: 7, Updated: someTime,
		Regions: map[string]Region{
			Global: {Serial: 3, Resources: map[graph.Key]Resource{
				"role": {ID: "web-<role>&\"", Nonce: "n0", Since: someTime},
			}},
			"eu-west-1": {
				Facts: Facts{
					CIDR: "10.7.0.0/16", Zones: []string{"euw1-az1", "euw1-az2"}, AMI: "ami-0123",
					TagKeys: []string{"team", "Ünïcode"},
				},
				Serial: 7,
				Resources: map[graph.Key]Resource{
					"vpc":           {ID: "vpc-1", Nonce: "n1", Since: someTime},
					"nat-gateway/a": {Nonce: "n2", Since: someTime},
				},
			},
		},
	}
}

// anyDocument draws a document that a run could write.
func anyDocument(t *rapid.T) Document {
	text := rapid.StringMatching(`[a-zA-Z0-9/ ."<>&é-]{1,12}`)
	resource := rapid.Custom(func(t *rapid.T) Resource {
		return Resource{
			ID: rapid.OneOf(rapid.Just(""), text).Draw(t, "id"), Nonce: text.Draw(t, "nonce"),
			Since: someTime.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "since")) * time.Millisecond),
		}
	})
	region := rapid.Custom(func(t *rapid.T) Region {
		keys := rapid.Map(text, func(s string) graph.Key { return graph.Key(s) })
		return Region{
			Facts: Facts{
				CIDR: rapid.OneOf(rapid.Just(""), text).Draw(t, "cidr"), Zones: someOrNone(t, text), TagKeys: someOrNone(t, text),
			},
			Serial:    rapid.Uint64().Draw(t, "serial"),
			Resources: rapid.MapOfN(keys, resource, 1, 5).Draw(t, "resources"),
		}
	})
	head := someHead
	head.Sandbox, head.Endpoint = rapid.Bool().Draw(t, "sandbox"), rapid.OneOf(rapid.Just(""), text).Draw(t, "endpoint")
	return Document{
		Schema: Schema, Head: head, Serial: rapid.Uint64().Draw(t, "serial"), Updated: someTime,
		Regions: rapid.MapOfN(text, region, 0, 4).Draw(t, "regions"),
	}
}

func someOrNone(t *rapid.T, text *rapid.Generator[string]) []string {
	if rapid.Bool().Draw(t, "none") {
		return nil
	}
	return rapid.SliceOfN(text, 1, 3).Draw(t, "some")
}
