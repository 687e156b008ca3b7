package policy

import (
	"encoding/json"
	"maps"
)

// Document is a policy as IAM reads it. See "IAM JSON policy elements reference".
type Document struct {
	Version   string
	Statement []Statement
}

// Statement allows or denies actions.
type Statement struct {
	Sid       string `json:",omitempty"`
	Effect    string
	Principal map[string]string `json:",omitempty"` // of trust policies only
	Action    []string
	Resource  []string  `json:",omitempty"`
	Condition Condition `json:",omitempty"`
}

// Condition is operator, key, values.
type Condition map[string]map[string][]string

const version = "2012-10-17"

func document(statements ...Statement) Document {
	return Document{Version: version, Statement: statements}
}

// JSON is the document, indented.
func (d Document) JSON() string {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic(err) // strings and lists of them have a form
	}
	return string(text)
}

// Compact is the document without white space, which IAM does not count but carries.
func (d Document) Compact() string {
	text, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings and lists of them have a form
	}
	return string(text)
}

// and joins conditions: all of them must hold.
func and(all ...Condition) Condition {
	joined := Condition{}
	for _, c := range all {
		for operator, keys := range c {
			if joined[operator] == nil {
				joined[operator] = map[string][]string{}
			}
			maps.Copy(joined[operator], keys)
		}
	}
	return joined
}

func equals(key string, values ...string) Condition {
	return Condition{"StringEquals": {key: values}}
}
