package kinds_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/kind"
	"provision/pkg/kinds"
)

var update = flag.Bool("update", false, "write the table of docs/drift.md")

const (
	driftPage  = "../../docs/drift.md"
	tableStart = "<!-- drift -->\n"
	tableEnd   = "<!-- /drift -->"
)

// The page's table is what the kinds say beside their code.
func TestDriftPageIsWhatTheKindsDeclare(t *testing.T) {
	page, err := os.ReadFile(driftPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(page), tableStart)
	_, after, ok := strings.Cut(rest, tableEnd)
	if !ok {
		t.Fatalf("%s has no table between %s and %s", driftPage, tableStart, tableEnd)
	}
	want := before + tableStart + driftTable() + tableEnd + after
	if *update {
		if err := os.WriteFile(driftPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(page)); diff != "" {
		t.Errorf("go test ./pkg/kinds -run TestDriftPage -update writes it again (-want +got):\n%s", diff)
	}
}

func driftTable() string {
	var out strings.Builder
	out.WriteString("| kind | `up` repairs | replaced, or refused | reported, not ours to change | not looked at |\n|---|---|---|---|---|\n")
	for _, r := range kinds.All() {
		if r.Launched {
			continue
		}
		row := []string{
			"`" + r.Name() + "`", fieldList(r.Drift.Repaired), fieldList(r.Drift.Fixed), fieldList(r.Drift.Reported),
			strings.Join(r.Drift.Unread, "; "),
		}
		out.WriteString(strings.ReplaceAll("| "+strings.Join(row, " | ")+" |", "|  |", "| |") + "\n")
	}
	return out.String()
}

func fieldList(fields []string) string {
	var all []string
	for _, field := range fields {
		shown := "`" + strings.TrimSpace(field) + "`"
		if strings.HasSuffix(field, " ") {
			shown = "`" + field + "…`"
		}
		all = append(all, shown)
	}
	return strings.Join(all, ", ")
}

// What a kind can be updated in, it declares as repaired; and a field has one fate.
func TestDeclaredDriftFitsTheWrites(t *testing.T) {
	for _, r := range kinds.All() {
		if r.Launched {
			continue
		}
		d := r.Drift
		if len(d.Repaired)+len(d.Fixed)+len(d.Reported)+len(d.Unread) == 0 {
			t.Errorf("kind %q declares nothing about drift", r.Name())
		}
		for _, u := range r.Writes.Update {
			if u.Field != "" && !strings.HasPrefix(u.Field, "tag ") && !declares(d.Repaired, u.Field) {
				t.Errorf("kind %q changes %q and does not declare that as repaired", r.Name(), u.Field)
			}
		}
		for _, field := range d.Fixed {
			if kind.In(d.Repaired, field) || kind.In(d.Reported, field) {
				t.Errorf("kind %q declares %q twice", r.Name(), field)
			}
		}
	}
}

// declares is true of a field, and of the start of one.
func declares(declared []string, field string) bool {
	for _, one := range declared {
		if strings.HasPrefix(one, strings.TrimSpace(field)) || strings.HasPrefix(field, one) {
			return true
		}
	}
	return false
}
