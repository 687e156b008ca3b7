package ui

import (
	"bytes"
	"fmt"
	"strings"

	"provision/pkg/safefile"
)

// ReportKind is how a report is told from other files: it is written over one of its kind only.
var ReportKind = safefile.Kind{Name: "a report", Known: func(head []byte) bool {
	return bytes.HasPrefix(head, []byte("<?xml")) || bytes.Contains(head, []byte(`"command": `)) && bytes.Contains(head, []byte(`"run": `))
}}

// Write keeps the report in a file: as JUnit's XML if the name ends in .xml, else as JSON.
func (r Report) Write(path string) error {
	encode := r.JSON
	if strings.HasSuffix(path, ".xml") {
		encode = r.JUnit
	}
	var text bytes.Buffer
	err := encode(&text)
	if err == nil {
		err = safefile.Replace(path, text.Bytes(), ReportKind)
	}
	if err != nil {
		return fmt.Errorf("write the report %s: %w", path, err)
	}
	return nil
}
