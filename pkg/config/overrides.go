package config

import (
	"reflect"
	"strconv"
	"strings"
)

// Overrides are settings that come from outside the file. A zero field says nothing.
type Overrides struct {
	// These are flags of the command line only; environment variables are looked up through Env.
	Name                 string
	Regions              []string
	State                string // a path, or s3://bucket/prefix
	MaxConcurrent        *int
	MaxConcurrentTargets *int
	FailureTolerance     *int
	MaxDestroy           *int

	// Env looks a variable up, as os.LookupEnv does. An empty variable counts as unset. With nil there are none.
	Env func(name string) (string, bool)
}

// EnvName is the variable that stands for a flag: PROVISION_MAX_DESTROY for "max-destroy".
func EnvName(flag string) string {
	return "PROVISION_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// outside is a setting that has a flag.
type outside struct {
	flag, path string
	typed      func(Overrides) string // "" if it was not
}

const stateFlag = "state"

var outsides = []outside{
	{"name", "name", func(o Overrides) string { return o.Name }},
	{"regions", "regions", func(o Overrides) string { return strings.Join(o.Regions, ",") }},
	{stateFlag, "state.path", func(o Overrides) string { return o.State }},
	{"max-concurrent-regions", "rollout.max_concurrent", func(o Overrides) string { return itoa(o.MaxConcurrent) }},
	{
		"max-concurrent-targets", "rollout.max_concurrent_targets",
		func(o Overrides) string { return itoa(o.MaxConcurrentTargets) },
	},
	{"failure-tolerance", "rollout.failure_tolerance", func(o Overrides) string { return itoa(o.FailureTolerance) }},
	{"max-destroy", "guard.max_destroy", func(o Overrides) string { return itoa(o.MaxDestroy) }},
}

func itoa(i *int) string {
	if i == nil {
		return ""
	}
	return strconv.Itoa(*i)
}

// layer is what flags and variables say, checked; a flag wins over its variable.
func (o Overrides) layer(mistakes *mistakes) layer {
	l := layer{}
	for _, s := range outsides {
		text, at := s.typed(o), Origin{Source: FromFlag, Name: "--" + s.flag}
		if text == "" && o.Env != nil {
			at = Origin{Source: FromEnv, Name: EnvName(s.flag)}
			text, _ = o.Env(at.Name)
		}
		switch {
		case text == "":
		case s.flag == stateFlag:
			l.setState(text, at, mistakes)
		default:
			l.set(s.path, text, at, mistakes)
		}
	}
	return l
}

func (l layer) set(path, text string, at Origin, mistakes *mistakes) {
	v := reflect.ValueOf(defaultDocument())
	for _, f := range fieldsOf(v.Type()) {
		if f.path != path {
			continue
		}
		data, problem := decodeText(text, v.FieldByIndex(f.index).Type())
		if problem == (fault{}) {
			problem = check(data, schemaAt(rules(), path))
		}
		if problem != (fault{}) {
			mistakes.add(at, "", problem.hint, "%s", problem.message)
			return
		}
		l[path] = value{data: data, at: at}
	}
}

// setState puts the state in one place and so takes it from the other, wherever the file has it.
func (l layer) setState(text string, at Origin, mistakes *mistakes) {
	if strings.HasPrefix(text, "s3:") {
		l.set("state.s3", text, at, mistakes)
		l["state.path"] = value{data: "", at: at}
		return
	}
	if isURL(text) {
		mistakes.add(at, "", "write a path, or s3://bucket/prefix", "no state is kept at %q", text)
		return
	}
	l.set("state.path", text, at, mistakes)
	for _, path := range []string{"state.s3", "state.kms_key", "state.bucket_owner"} {
		l[path] = value{data: "", at: at}
	}
}
