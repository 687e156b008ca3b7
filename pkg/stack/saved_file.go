package stack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"provision/pkg/safefile"
	"provision/pkg/signature"
)

// The form of a saved plan. Another version is another form, and is not read.
const (
	savedFormat  = "provision-plan"
	savedVersion = 1
	maxSavedSize = 64 << 20
)

// envelope is the file: the digest is of the plan without white space, and reveals a damaged file. A forged one is
// revealed by the signature, and, without one, by the comparison with a new plan.
type envelope struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Digest  string `json:"digest"`

	Signature *signature.Signature `json:"signature,omitempty"`

	Plan json.RawMessage `json:"plan"`
}

// SavedKind is how a saved plan is told from other files: it is written over one of its kind only.
var SavedKind = safefile.Kind{
	Name:  "a saved plan",
	Known: func(head []byte) bool { return bytes.Contains(head, []byte(`"format": "`+savedFormat+`"`)) },
}

// Write writes the plan as a file that only its owner may read, over a saved plan that is there and nothing else. With a
// signer the plan is signed.
func (v Saved) Write(ctx context.Context, path string, signer signature.Signer) error {
	text, err := v.encode(ctx, signer)
	if err == nil {
		err = safefile.Replace(path, text, SavedKind)
	}
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	return nil
}

func (v Saved) encode(ctx context.Context, signer signature.Signer) ([]byte, error) {
	plan, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	file := envelope{Format: savedFormat, Version: savedVersion, Digest: digest(plan), Plan: plan}
	if signer != nil {
		signed, err := signer.Sign(ctx, signedText(file.Digest))
		if err != nil {
			return nil, err
		}
		file.Signature = &signed
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

// signedText is what a signature is of. It names what is signed, so that a signature of anything else does not fit.
func signedText(digest string) []byte {
	return fmt.Appendf(nil, "%s %d %s", savedFormat, savedVersion, digest)
}

// ReadSaved reads a file that [Saved.Write] wrote. A damaged file, and any other, is a [SavedError], and so is, with a
// verifier, a plan that none of its keys signed.
func ReadSaved(ctx context.Context, path string, verifier signature.Verifier) (Saved, error) {
	text, err := safefile.Read(path, maxSavedSize)
	if err != nil {
		return Saved{}, &SavedError{Path: path, Err: err}
	}
	saved, err := decodeSaved(ctx, text, verifier)
	if err != nil {
		return Saved{}, &SavedError{Path: path, Err: err}
	}
	return saved, nil
}

func decodeSaved(ctx context.Context, text []byte, verifier signature.Verifier) (Saved, error) {
	file, err := openEnvelope(text)
	if err != nil {
		return Saved{}, err
	}
	if verifier != nil {
		if file.Signature == nil {
			return Saved{}, signature.ErrUnsigned
		}
		if err := verifier.Verify(ctx, signedText(file.Digest), *file.Signature); err != nil {
			return Saved{}, err
		}
	}
	var saved Saved
	plan := json.NewDecoder(bytes.NewReader(file.Plan))
	plan.DisallowUnknownFields() // what this program does not compare, it does not accept
	if err := plan.Decode(&saved); err != nil {
		return Saved{}, fmt.Errorf("it is no plan: %w", err)
	}
	if saved.Stack == "" || len(saved.Regions) == 0 {
		return Saved{}, errors.New("it names no stack or no region")
	}
	return saved, nil
}

// openEnvelope checks what is around a plan, and that the plan is what the digest is of.
func openEnvelope(text []byte) (file envelope, err error) {
	if err := json.Unmarshal(text, &file); err != nil {
		return file, fmt.Errorf("it is no JSON: %w", err)
	}
	if file.Format != savedFormat {
		return file, errors.New("`provision plan --out` did not write it")
	}
	if file.Version != savedVersion {
		return file, fmt.Errorf("it has version %d and this program reads %d", file.Version, savedVersion)
	}
	var plan bytes.Buffer
	if err := json.Compact(&plan, file.Plan); err != nil {
		return file, fmt.Errorf("it is no JSON: %w", err)
	}
	if got := digest(plan.Bytes()); got != file.Digest {
		return file, fmt.Errorf("it was changed or damaged: its digest is %s, and it states %s", got, file.Digest)
	}
	return file, nil
}

// SavedError says that a saved plan can't be read.
type SavedError struct {
	Path string
	Err  error
}

func (e *SavedError) Error() string {
	return fmt.Sprintf("the saved plan %s can't be used: %v; create it again with `provision plan --out %s`",
		e.Path, e.Err, e.Path)
}

// Unwrap gives the cause.
func (e *SavedError) Unwrap() error { return e.Err }

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
