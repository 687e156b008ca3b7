package ui

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/preflight"
	"provision/pkg/state"
)

// hostileValue is a value as an attacker sets it: a line that would read as the program's, concealed text, text that is turned.
const hostileValue = "x\nFAKE\x1b[8my\u202ez\r\x07"

// Whatever a tag, a name, a message or a state says, no line of the output is another's, and nothing of it acts on the
// terminal. Every field of the models is filled, those that are added later too.
func TestForeignTextStaysInItsLine(t *testing.T) {
	for name, shown := range map[string]string{
		"plan":         printed(Plan),
		"plan -o wide": printed(PlanWide),
		"plan of down": printed(Removal),
		"down, wide":   printed(RemovalWide),
		"sweep":        printed(Sweep),
		"status":       printed(Status),
		"status, wide": printed(StatusWide),
		"watch":        printed(Watch),
		"overview":     printed(Overview),
		"outcome":      printed(Outcome),
		"nodes":        printed(NodeTable),
		"check":        printed(Findings),
		"fleet":        printed(Fleet),
		"recovered":    printed(Recovered),
		"records":      printed(RecordTable),
		"versions":     printed(VersionTable),
		"settings":     printed(func(w io.Writer, s Settings) { s.Table(w) }),
		"targets":      printed(func(w io.Writer, s FleetSettings) { s.Table(w) }),
		"state":        printed(func(w io.Writer, d state.Document) { State(w, hostileValue, d) }),
		"target":       printed(func(w io.Writer, s string) { TargetHead(w, s, s) }),
	} {
		if !strings.Contains(shown, "FAKE") {
			t.Errorf("%s shows nothing of the values:\n%s", name, shown)
		}
		for _, acting := range []string{"\x1b[8m", "\u202e", "\r", "\x07"} {
			if strings.Contains(shown, acting) {
				t.Errorf("%s passes %q:\n%q", name, acting, shown)
			}
		}
		for line := range strings.Lines(shown) {
			if strings.HasPrefix(strings.TrimSpace(line), "FAKE") {
				t.Errorf("%s has a line of another's:\n%s", name, shown)
			}
		}
	}
}

// printed is what a function prints of a model that is hostile throughout.
func printed[M any](show func(io.Writer, M)) string {
	var out strings.Builder
	for _, failed := range []bool{false, true} {
		for _, action := range []graph.Action{graph.Update, graph.Create, graph.Delete, graph.Keep, graph.Wait} {
			var model M
			filler{action: action, failed: failed}.fill(reflect.ValueOf(&model).Elem(), 0)
			show(&out, model)
		}
	}
	return out.String()
}

// filler fills whatever can be set.
type filler struct {
	action graph.Action
	failed bool // errors are set
}

// deepest ends types that hold themselves.
const deepest = 9

func (f filler) fill(v reflect.Value, depth int) {
	if depth > deepest || !v.CanSet() {
		return
	}
	switch v.Interface().(type) {
	case graph.Action:
		v.SetString(string(f.action))
		return
	case graph.Key:
		v.SetString("nat-gateway/b") // a state with another kind of key is damaged
		return
	case preflight.Level, config.Source:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(hostileValue)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), depth+1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, depth+1)
		f.fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Region" {
				v.Field(i).SetString("eu-west-1") // known to the settings, or the state is damaged
				continue
			}
			f.fill(v.Field(i), depth+1)
		}
	case reflect.Interface:
		if f.failed && v.Type() == reflect.TypeFor[error]() {
			v.Set(reflect.ValueOf(errors.New(hostileValue)))
		}
	}
}
