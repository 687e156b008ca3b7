package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// reader turns the file's YAML into a layer. It follows the Go types and the schema in parallel and reports what
// neither knows.
type reader struct {
	file     string
	mistakes *mistakes
	anchors  map[string]ast.Node
	layer    layer
	keys     map[string]Origin // where the keys of maps are, by their path
}

func readFile(name, source string, mistakes *mistakes) *reader {
	r := &reader{file: name, mistakes: mistakes, anchors: map[string]ast.Node{}, layer: layer{}, keys: map[string]Origin{}}
	if root := parse(name, source, mistakes); root != nil {
		r.read("", root, reflect.TypeFor[document](), rules())
	}
	return r
}

func (r *reader) read(path string, node ast.Node, t reflect.Type, s *schemaNode) {
	if r.mistakes.isFull() {
		return
	}
	if node = r.resolve(path, node); node == nil {
		return
	}
	switch {
	case isSection(t):
		r.readMapping(path, node, "settings", func(key string, at Origin, v ast.Node) {
			r.readField(path, key, at, v, t, s)
		})
	case t.Kind() == reflect.Map:
		r.keys[path] = r.at(node)
		r.readMapping(path, node, "keys and values", func(key string, at Origin, v ast.Node) {
			if s.PropertyNames != nil {
				if problem := check(key, s.PropertyNames); problem != (fault{}) {
					r.mistakes.add(at, path, problem.hint, "%s", problem.message)
					return
				}
			}
			r.keys[join(path, key)] = at
			r.read(join(path, key), v, t.Elem(), s.AdditionalProperties)
		})
	case t.Kind() == reflect.Slice:
		r.readList(path, node, t, s)
	default:
		data, ok := r.readScalar(path, node, t, s)
		r.layer[path] = value{data: data, path: path, at: r.at(node), bad: !ok}
	}
}

func (r *reader) readMapping(path string, node ast.Node, of string, entry func(key string, at Origin, v ast.Node)) {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		if node.Type() != ast.NullType { // a heading whose lines are all commented out
			r.mistakes.add(r.at(node), path, "", "must be a mapping of %s, not %s", of, describe(node))
		}
		return
	}
	for entries := mapping.MapRange(); entries.Next() && !r.mistakes.isFull(); {
		key := entries.Key()
		at := originOf(r.file, key.GetToken())
		if key.IsMergeKey() {
			r.mistakes.add(at, path, "put the settings that regions share under defaults", "merge keys are not supported")
			continue
		}
		if isGlued(key.GetToken(), entries.Value()) {
			r.mistakes.add(at, path, "put a space after it, or quotes around the key", "no space after the colon of %q",
				key.GetToken().Value)
			continue
		}
		entry(key.GetToken().Value, at, entries.Value())
	}
}

// isGlued tells that nothing but a colon is between an unquoted key and its value. The parser then takes {a:b: c} for
// the key "a", where YAML says "a:b".
func isGlued(key *token.Token, v ast.Node) bool {
	at := v.GetToken().Position
	return !isQuoted(key) && v.Type() != ast.NullType && key.Position.Line == at.Line &&
		key.Position.Column+utf8.RuneCountInString(key.Value)+1 == at.Column
}

// knownHere starts the hint on a field that resembles none.
const knownHere = "known here: "

func (r *reader) readField(path, key string, at Origin, v ast.Node, t reflect.Type, s *schemaNode) {
	var names []string
	for f := range t.Fields() {
		name := f.Tag.Get("yaml")
		if name == key && name != "-" {
			r.read(join(path, name), v, f.Type, s.Properties.get(name))
			return
		}
		if name != "-" {
			names = append(names, name)
		}
	}
	hint := elsewhere(key)
	if hint == "" {
		hint = DidYouMean(key, names)
	}
	if hint == "" {
		hint = knownHere + strings.Join(names, ", ")
	}
	r.mistakes.put(Error{Origin: at, Setting: path, Message: fmt.Sprintf("unknown field %q", key), Hint: hint, unknown: key})
}

// elsewhere is a hint that names the places where a field of this name belongs.
func elsewhere(key string) string {
	paths := []string{"tags", "overrides", "targets", "targets.NAME.account", "targets.NAME.role_arn"}
	for _, f := range fieldsOf(reflect.TypeFor[document]()) {
		paths = append(paths, f.path)
	}
	var places []string
	for _, path := range paths {
		names := strings.Split(path, ".")
		i := slices.Index(names, key)
		place := "at the top of the file"
		if i > 0 {
			place = "under " + strings.Join(names[:i], ".")
		}
		if i >= 0 && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	if places == nil {
		return ""
	}
	return "it belongs " + strings.Join(places, " or ")
}

func (r *reader) readList(path string, node ast.Node, t reflect.Type, s *schemaNode) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		r.mistakes.add(r.at(node), path, "write [a, b]", "must be a list, not %s", describe(node))
		return
	}
	v := value{data: reflect.Zero(t).Interface(), path: path, at: r.at(node)}
	items := reflect.MakeSlice(t, 0, len(list.Values))
	for _, item := range list.Values {
		if item = r.resolve(path, item); item == nil {
			continue
		}
		if data, ok := r.readScalar(path, item, t.Elem(), s.Items); ok {
			items = reflect.Append(items, reflect.ValueOf(data))
			v.items = append(v.items, r.at(item))
		}
	}
	v.data = items.Interface()
	r.layer[path] = v
}

func (r *reader) readScalar(path string, node ast.Node, t reflect.Type, s *schemaNode) (any, bool) {
	data, problem := decodeNode(node, t)
	if problem == (fault{}) {
		problem = check(data, s)
	}
	if problem != (fault{}) {
		r.mistakes.add(r.at(node), path, problem.hint, "%s", problem.message)
		return nil, false
	}
	return data, true
}

// resolve follows an alias to what its anchor marks. A value that contains itself ends where the types end.
func (r *reader) resolve(path string, node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.AnchorNode:
		inner := r.resolve(path, n.Value)
		r.anchors[n.Name.GetToken().Value] = inner
		return inner
	case *ast.AliasNode:
		target, ok := r.anchors[n.Value.GetToken().Value]
		if !ok {
			r.mistakes.add(r.at(n), path, "", "no anchor %q above this line", n.Value.GetToken().Value)
		}
		return target
	case *ast.TagNode:
		r.mistakes.add(r.at(n), path, "remove it", "YAML tags such as %s are not supported", n.Start.Value)
		return nil
	}
	return node
}

// at is where a node starts. The parser says of a block mapping where its first colon is.
func (r *reader) at(node ast.Node) Origin {
	if m, ok := node.(ast.MapNode); ok {
		if first := m.MapRange(); first.Next() {
			return originOf(r.file, first.Key().GetToken())
		}
	}
	return originOf(r.file, node.GetToken())
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
