package signature

import (
	"context"
	"errors"
)

// Signature is a signature with what is needed to verify it but for the key.
type Signature struct {
	Algorithm string `json:"algorithm"`
	Key       string `json:"key"`   // which key made it: a hint for people, that nothing trusts
	Value     []byte `json:"value"` // base64 in JSON
}

// The algorithms that are known: those of the keys that are taken.
const (
	Ed25519     = "ed25519"
	ECDSASHA256 = "ECDSA_SHA_256" // AWS's name, for keys on the curve P-256
)

// Signer signs.
type Signer interface {
	Sign(ctx context.Context, text []byte) (Signature, error)
}

// Verifier tells whether a trusted key signed a text.
type Verifier interface {
	Verify(ctx context.Context, text []byte, s Signature) error
}

// The reasons why a text is not taken.
var (
	ErrUnsigned = errors.New("it carries no signature, and one is required: `provision plan --sign KEY` signs")
	ErrForeign  = errors.New("no trusted key made its signature")
)
