package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/session"
	"provision/pkg/terminal"
	"provision/pkg/ui/live"
)

// A run that takes five minutes, and credentials that end sooner or later.
func TestCredentialsThatEndBeforeTheRunAreNamed(t *testing.T) {
	run := live.Run{Command: "up", Parts: []live.Part{{Region: "eu-west-1", Tasks: []graph.Outlook{
		{Key: "vpc", Usual: time.Minute}, {Key: "nat-gateway/a", Usual: 4 * time.Minute, After: []graph.Key{"vpc"}},
	}}}}
	for name, tc := range map[string]struct {
		run    live.Run
		ends   time.Duration // from now on; zero: they do not say
		renews bool
		warns  bool
	}{
		"they end first":                {run: run, ends: 2 * time.Minute, warns: true},
		"they last":                     {run: run, ends: time.Hour},
		"they do not say":               {run: run},
		"they are renewed":              {run: run, ends: 2 * time.Minute, renews: true},
		"there is nothing to wait for":  {run: live.Run{Command: "up"}, ends: 2 * time.Minute},
		"they ended and nobody noticed": {run: live.Run{Command: "up"}, ends: -time.Minute, warns: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told bytes.Buffer
				s := &opened{
					&session.Session{Identity: cloud.Identity{Source: "profile dev of ~/.aws/config", Renewed: tc.renews}},
					&host{terminal: terminal.New(strings.NewReader(""), io.Discard, &told, nil)},
				}
				if tc.ends != 0 {
					s.Identity.Expires = time.Now().Add(tc.ends)
				}
				s.warnOfExpiry(tc.run)
				if !tc.warns && told.Len() > 0 || tc.warns && !strings.Contains(told.String(), "profile dev of ~/.aws/config") {
					t.Errorf("got %q", told.String())
				}
				if tc.warns && !strings.Contains(told.String(), s.Identity.Expires.Format(time.TimeOnly)) {
					t.Errorf("%q does not say when", told.String())
				}
			})
		})
	}
}
