package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Every file and object is indented JSON whose first member is the checksum of every byte after its line:
//
//	{
//	  "checksum": "sha256:…",
//	  "schema": 1,
//
// Line and sum are compared byte by byte, so that no flipped bit goes unseen, whatever it hits: white space, the case
// of a name (which encoding/json does not mind), or the checksum itself.
const (
	opening      = "{\n"
	checksumLine = "  \"checksum\": \"sha256:%s\",\n"
)

// sealed is implemented by what is kept.
type sealed interface {
	validate() error
}

// seal encodes v under its checksum.
func seal(v sealed) ([]byte, error) {
	if err := v.validate(); err != nil {
		return nil, fmt.Errorf("refused to write a state that could not be read again: %w", err)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	content := text.Bytes()[len(opening):]
	return append(sealOf(content), content...), nil
}

// sealOf is what stands before the content.
func sealOf(content []byte) []byte {
	sum := sha256.Sum256(content)
	return fmt.Appendf([]byte(opening), checksumLine, hex.EncodeToString(sum[:]))
}

// unseal decodes what seal made, from a place that errors name, into v. Anything else is a [CorruptError], or a
// [NewerError] if a later program wrote it.
func unseal(location string, data []byte, v sealed) error {
	content, err := checkSeal(data)
	if err != nil {
		return &CorruptError{Location: location, Cause: err.Error()}
	}
	data = append([]byte(opening), content...)
	var version struct {
		Schema int `json:"schema"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return &CorruptError{Location: location, Cause: "it is not JSON", Err: err}
	}
	switch {
	case version.Schema > Schema:
		return &NewerError{Location: location, Schema: version.Schema}
	case version.Schema < 1:
		return &CorruptError{Location: location, Cause: fmt.Sprintf("schema %d never existed", version.Schema)}
	}
	if err := decodeStrictly(data, v); err != nil {
		return &CorruptError{Location: location, Cause: "it holds a field that this schema does not have", Err: err}
	}
	if err := v.validate(); err != nil {
		return &CorruptError{Location: location, Cause: err.Error()}
	}
	return nil
}

// checkSeal returns what the checksum stands for, or says in a few words what is wrong.
func checkSeal(data []byte) ([]byte, error) {
	length := len(sealOf(nil))
	switch {
	case len(data) == 0:
		return nil, errors.New("it is empty")
	case len(data) > maxSize:
		return nil, errTooLarge
	case len(data) <= length || !bytes.HasSuffix(data, []byte("\n}\n")):
		return nil, errors.New("it is cut off")
	case !bytes.Equal(data[:length], sealOf(data[length:])):
		return nil, errors.New("its content does not match its checksum: it was damaged, or edited by hand")
	}
	return data[length:], nil
}

func decodeStrictly(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows its end")
	}
	return nil
}
