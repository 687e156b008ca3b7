package stack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// The form of a saved plan. Another version is another form, and is not read.
const (
	savedFormat  = "provision-plan"
	savedVersion = 1
	maxSavedSize = 64 << 20
)

// envelope is the file: the digest is of the plan without white space, and finds a damaged file, not a forged one.
type envelope struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	Digest  string          `json:"digest"`
	Plan    json.RawMessage `json:"plan"`
}

// Write writes the plan as a file that only its owner may read, over one that is there.
func (v Saved) Write(path string) error {
	text, err := v.encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	return nil
}

func (v Saved) encode() ([]byte, error) {
	plan, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("save the plan: %w", err)
	}
	text, err := json.MarshalIndent(envelope{savedFormat, savedVersion, digest(plan), plan}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("save the plan: %w", err)
	}
	return append(text, '\n'), nil
}

// ReadSaved reads what [Saved.Write] wrote. What is something else, or damaged, is a [SavedError].
func ReadSaved(path string) (Saved, error) {
	f, err := os.Open(path)
	if err != nil {
		return Saved{}, &SavedError{Path: path, Err: err}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSavedSize))
	if err != nil {
		return Saved{}, &SavedError{Path: path, Err: err}
	}
	saved, err := decodeSaved(text)
	if err != nil {
		return Saved{}, &SavedError{Path: path, Err: err}
	}
	return saved, nil
}

func decodeSaved(text []byte) (Saved, error) {
	var file envelope
	if err := json.Unmarshal(text, &file); err != nil {
		return Saved{}, fmt.Errorf("it is no JSON: %w", err)
	}
	if file.Format != savedFormat {
		return Saved{}, errors.New("it is not what `provision plan --out` writes")
	}
	if file.Version != savedVersion {
		return Saved{}, fmt.Errorf("it has version %d and this program reads %d", file.Version, savedVersion)
	}
	var plan bytes.Buffer
	if err := json.Compact(&plan, file.Plan); err != nil {
		return Saved{}, fmt.Errorf("it is no JSON: %w", err)
	}
	if got := digest(plan.Bytes()); got != file.Digest {
		return Saved{}, fmt.Errorf("it was changed or damaged: its digest is %s, and it says %s", got, file.Digest)
	}
	var saved Saved
	if err := json.Unmarshal(file.Plan, &saved); err != nil {
		return Saved{}, fmt.Errorf("it is no plan: %w", err)
	}
	if saved.Stack == "" || len(saved.Regions) == 0 {
		return Saved{}, errors.New("it names no stack or no region")
	}
	return saved, nil
}

// SavedError says that a saved plan can't be read.
type SavedError struct {
	Path string
	Err  error
}

func (e *SavedError) Error() string {
	return fmt.Sprintf("the saved plan %s can't be used: %v; make it again with `provision plan --out %s`",
		e.Path, e.Err, e.Path)
}

// Unwrap gives the cause.
func (e *SavedError) Unwrap() error { return e.Err }

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
