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
	Action    List
	Resource  List      `json:",omitempty"`
	Condition Condition `json:",omitempty"`
}

// Condition is operator, key, values.
type Condition map[string]map[string]List

// List is written as a text where it has one value only: a role's policies have a limit of length.
type List []string

// MarshalJSON implements [json.Marshaler].
func (l List) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.Marshal(l[0])
	}
	return json.Marshal([]string(l))
}

// UnmarshalJSON implements [json.Unmarshaler].
func (l *List) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*l = List{one}
		return nil
	}
	var all []string
	err := json.Unmarshal(data, &all)
	*l = all
	return err
}

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

// Compact is the document for a role, which means the same: without white space, which IAM does not count, and without the
// names of the statements, which it counts, those of several services together.
func (d Document) Compact() string {
	d.Statement = across(d.Statement)
	for i := range d.Statement {
		d.Statement[i].Sid = ""
	}
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
				joined[operator] = map[string]List{}
			}
			maps.Copy(joined[operator], keys)
		}
	}
	return joined
}

func equals(key string, values ...string) Condition {
	return Condition{"StringEquals": {key: values}}
}
