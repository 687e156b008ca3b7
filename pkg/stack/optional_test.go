package stack_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// audits are a kind that the test has besides those of a stack: one that only a stack with a certificate has.
type audits struct{}

type auditState struct{ graph.Identity }

var auditsListed atomic.Int32

func (audits) Kind() string { return "audit" }

func (audits) List(context.Context, *graph.Look) ([]auditState, error) {
	auditsListed.Add(1)
	return nil, nil
}

func (audits) Phase(auditState) (graph.Phase, string) { return graph.Ready, "" }

func (audits) Delete(context.Context, auditState) error { return nil }

func (audits) Pace() graph.Pace { return graph.Pace{} }

var _ = kind.Register(kind.Registration{
	Title: "Audit", Setting: "lb.tls.certificate_arn", TaggedAs: kind.NotByEC2, Place: kind.Apart,
	Writes: kind.Writes{Create: "audit:CreateAudit", Delete: []string{"audit:DeleteAudit"}},
	Actions: kind.Actions{
		Read: []string{"audit:ListAudits"}, Create: []string{"audit:CreateAudit"},
		Made: []string{"audit:*:{account}:audit/*"}, Change: []string{"audit:DeleteAudit"},
	},
}, func(*cloud.Region, string) audits { return audits{} })

// withCertificate are settings of eu-west-1 that turn the optional kind on.
const withCertificate = `
version: 1
overrides:
  eu-west-1:
    lb: {tls: {certificate_arn: "arn:aws:acm:eu-west-1:123456789012:certificate/1"}}
`

// A kind that a setting brings with it is listed where the setting is on, or where the state knows one; elsewhere it
// costs no call.
func TestOptionalKindIsListedWhereItCanBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "us-east-1", "eu-west-1")
		listed := func() int32 {
			auditsListed.Store(0)
			if err := w.run(t.Context(), func(s *stack.Stack) error {
				removal := s.PlanRemoval(t.Context(), true)
				return removal.Err()
			}); err != nil {
				t.Fatal(err)
			}
			return auditsListed.Load()
		}
		if got := listed(); got != 0 {
			t.Errorf("listed %d times though nothing knows of it", got)
		}
		w.settings(t, withCertificate)
		if got := listed(); got != 1 {
			t.Errorf("listed %d times where one region wants it", got)
		}
		w.settings(t, "version: 1\n")
		claim := []graph.Claim{{Key: "audit", Nonce: "n1"}}
		if err := w.run(t.Context(), func(s *stack.Stack) error {
			return s.Record.Journal("us-east-1").Claim(t.Context(), claim)
		}); err != nil {
			t.Fatal(err)
		}
		if got := listed(); got == 0 {
			t.Error("not listed though the state knows one")
		}
	})
}

func TestSettingsThatBringKinds(t *testing.T) {
	w := newWorld(t, sandbox.Options{}, "us-east-1", "eu-west-1")
	w.settings(t, withCertificate)
	cfg, err := config.Load(w.file, config.Overrides{Regions: w.regions})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"lb.tls.certificate_arn"}, stack.Wanted(cfg, cfg.Regions...)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := stack.Wanted(cfg, "us-east-1"); got != nil {
		t.Errorf("us-east-1 wants %v", got)
	}
}
