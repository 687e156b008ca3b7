package terminal

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/goccy/go-yaml"
)

// Form is what results look like, the value of --output.
type Form string

// The forms that most commands have.
const (
	Table    Form = "table"
	JSON     Form = "json"
	YAML     Form = "yaml"
	Wide     Form = "wide"
	Markdown Form = "markdown"
)

// ForPrograms says whether the form is one document, which must not be written to twice.
func (f Form) ForPrograms() bool { return f == JSON || f == YAML }

// Show prints a result: the document for programs, or what table writes for people.
func (t Terminal) Show(form Form, document any, table func() error) error {
	return t.ShowAs(form, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(document)
	}, table)
}

// ShowAs is [Terminal.Show] for results that write themselves as JSON. YAML is the same document.
func (t Terminal) ShowAs(form Form, asJSON func(io.Writer) error, table func() error) error {
	switch form {
	case JSON:
		return asJSON(t.Out)
	case YAML:
		var buffer bytes.Buffer
		if err := asJSON(&buffer); err != nil {
			return err
		}
		text, err := yaml.JSONToYAML(buffer.Bytes())
		if err != nil {
			return err
		}
		_, err = t.Out.Write(text)
		return err
	}
	return table()
}
