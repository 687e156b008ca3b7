package config

import (
	"encoding"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// fault is what is wrong with one value, and what to do about it.
type fault struct{ message, hint string }

// decodeNode turns a YAML scalar into a value of this type. Where text is wanted, an unquoted number counts as it is
// written: 012345678901 is an account, not an octal number.
func decodeNode(node ast.Node, t reflect.Type) (any, fault) {
	switch n := node.(type) {
	case *ast.NullNode:
		return nil, fault{"has no value", "set one, or remove the line to use the default"}
	case *ast.StringNode:
		if t.Kind() != reflect.Int && t.Kind() != reflect.Bool {
			return decodeText(n.Value, t)
		}
		if _, problem := decodeText(n.Value, t); problem == (fault{}) && isQuoted(n.GetToken()) {
			return nil, fault{fmt.Sprintf("must be %s, not text", nameOf(t)), "remove the quotes"}
		}
		return nil, fault{message: fmt.Sprintf("must be %s, not %q", nameOf(t), n.Value)}
	case *ast.LiteralNode:
		return decodeText(n.Value.Value, t)
	case *ast.IntegerNode:
		if t.Kind() == reflect.Int {
			return decodeInteger(n)
		}
	case *ast.BoolNode:
		if t.Kind() == reflect.Bool {
			return n.Value, fault{}
		}
	case *ast.FloatNode:
	default:
		return nil, fault{message: fmt.Sprintf("must be %s, not %s", nameOf(t), describe(node))}
	}
	if t.Kind() == reflect.Int || t.Kind() == reflect.Bool {
		return nil, fault{message: fmt.Sprintf("must be %s, not %s", nameOf(t), describe(node))}
	}
	return decodeText(node.GetToken().Value, t)
}

// decodeInteger refuses 010, which is 8 in YAML 1.1 and 10 in YAML 1.2, and 0x10: the author meant one of them.
func decodeInteger(n *ast.IntegerNode) (any, fault) {
	if text := n.GetToken().Value; !isDecimal(text) {
		return nil, fault{fmt.Sprintf("%s can be read as more than one number", text), "write it in decimal, without leading zeros"}
	}
	switch i := n.Value.(type) {
	case int64:
		return int(i), fault{}
	case uint64:
		if i <= math.MaxInt {
			return int(i), fault{}
		}
	}
	return nil, fault{message: "is too large a number"}
}

// isDecimal reports whether a number is written as decimal digits that don't start with a zero, with or without a sign.
func isDecimal(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	_, err := strconv.Atoi(digits)
	return err == nil && (digits == "0" || !strings.HasPrefix(digits, "0"))
}

// decodeText turns text, of the file, a variable or a flag, into a value of this type.
func decodeText(text string, t reflect.Type) (any, fault) {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return decodeDuration(text)
	case reflect.TypeFor[netip.Prefix]():
		return decodePrefix(text)
	case reflect.TypeFor[[]string]():
		return decodeList(text)
	}
	switch t.Kind() {
	case reflect.Int:
		text = strings.TrimSpace(text)
		if i, err := strconv.Atoi(text); err == nil && isDecimal(text) {
			return i, fault{}
		}
		return nil, fault{message: fmt.Sprintf("must be a whole number, not %q", text)}
	case reflect.Bool:
		if b, err := strconv.ParseBool(strings.TrimSpace(text)); err == nil {
			return b, fault{}
		}
		return nil, fault{message: fmt.Sprintf("must be true or false, not %q", text)}
	}
	return reflect.ValueOf(text).Convert(t).Interface(), fault{}
}

// decodeList is for flags and variables. Text without a name must not pass for one that was left out.
func decodeList(text string) (any, fault) {
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	if len(names) == 0 {
		return nil, fault{fmt.Sprintf("%q names nothing", text), "write a,b"}
	}
	return names, fault{}
}

func decodeDuration(text string) (any, fault) {
	if isNumber(text) {
		return nil, fault{fmt.Sprintf("%s has no unit", text), fmt.Sprintf("write %ss for seconds", text)}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, fault{fmt.Sprintf("%q is not a duration", text), "write it like 30s, 5m or 1h30m"}
	}
	return d, fault{}
}

func decodePrefix(text string) (any, fault) {
	var p netip.Prefix
	if err := encoding.TextUnmarshaler(&p).UnmarshalText([]byte(text)); err != nil || !p.IsValid() || !p.Addr().Is4() {
		return nil, fault{fmt.Sprintf("%q is not an IPv4 block", text), "write it like 10.0.0.0/16"}
	}
	if p != p.Masked() {
		return nil, fault{text + " is an address inside a block, not a block", fmt.Sprintf("did you mean %q?", p.Masked())}
	}
	return p, fault{}
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func nameOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	}
	if t == reflect.TypeFor[time.Duration]() {
		return "a duration"
	}
	return "text"
}

func describe(node ast.Node) string {
	switch node.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	case ast.SequenceType:
		return "a list"
	case ast.NullType:
		return "nothing"
	}
	return node.GetToken().Value
}
