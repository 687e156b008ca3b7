package signature

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// maxKeyFile is far above a file with some keys.
const maxKeyFile = 64 << 10

// KeyError says why a file is of no use as a key.
type KeyError struct {
	Path string
	Err  error
}

func (e *KeyError) Error() string { return fmt.Sprintf("the key %s can't be used: %v", e.Path, e.Err) }

// Unwrap gives the cause.
func (e *KeyError) Unwrap() error { return e.Err }

type privateKey struct{ key ed25519.PrivateKey }

// ReadSigner reads a private Ed25519 key: PKCS #8 in PEM.
func ReadSigner(path string) (Signer, error) {
	blocks, err := readPEM(path)
	if err != nil {
		return nil, &KeyError{path, err}
	}
	if len(blocks) != 1 || blocks[0].Type != "PRIVATE KEY" {
		return nil, &KeyError{path, errors.New("it is not one private key in PEM; `openssl genpkey -algorithm ed25519` creates one")}
	}
	parsed, err := x509.ParsePKCS8PrivateKey(blocks[0].Bytes)
	if err != nil {
		return nil, &KeyError{path, errors.New("it is no private key in PKCS #8")} // the cause could quote the key
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, &KeyError{path, errors.New("it is no Ed25519 key")}
	}
	return privateKey{key}, nil
}

// Sign implements [Signer].
func (p privateKey) Sign(_ context.Context, text []byte) (Signature, error) {
	public, _ := p.key.Public().(ed25519.PublicKey)
	return Signature{Algorithm: Ed25519, Key: fingerprint(public), Value: ed25519.Sign(p.key, text)}, nil
}

// publicKeys are all that are trusted: the old key and the new one while a key is replaced.
type publicKeys []crypto.PublicKey

// ReadVerifier reads one public key or several: PKIX in PEM, as `openssl pkey -pubout` writes Ed25519 keys and
// `aws kms get-public-key` gives those of KMS on the curve P-256.
func ReadVerifier(path string) (Verifier, error) {
	blocks, err := readPEM(path)
	if err != nil {
		return nil, &KeyError{path, err}
	}
	var keys publicKeys
	for _, block := range blocks {
		key, err := x509.ParsePKIXPublicKey(block.Bytes)
		if block.Type != "PUBLIC KEY" || err != nil {
			return nil, &KeyError{path, errors.New("it holds something other than public keys; `openssl pkey -pubout` writes one")}
		}
		switch key := key.(type) {
		case ed25519.PublicKey:
		case *ecdsa.PublicKey:
			if key.Curve != elliptic.P256() {
				return nil, &KeyError{path, errors.New("of ECDSA, only keys on the curve P-256 are accepted")}
			}
		default:
			return nil, &KeyError{path, fmt.Errorf("it holds a %T, and only Ed25519 and ECDSA keys are accepted", key)}
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, &KeyError{path, errors.New("it holds no public key in PEM")}
	}
	return keys, nil
}

// Verify implements [Verifier].
func (p publicKeys) Verify(_ context.Context, text []byte, s Signature) error {
	for _, key := range p {
		switch key := key.(type) {
		case ed25519.PublicKey:
			if s.Algorithm == Ed25519 && ed25519.Verify(key, text, s.Value) {
				return nil
			}
		case *ecdsa.PublicKey:
			sum := sha256.Sum256(text)
			if s.Algorithm == ECDSASHA256 && ecdsa.VerifyASN1(key, sum[:], s.Value) {
				return nil
			}
		}
	}
	return ErrForeign
}

// readPEM reads a file that may be a link: secrets are mounted that way.
func readPEM(path string) ([]*pem.Block, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return nil, errors.New("it is not a small file")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var blocks []*pem.Block
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		blocks = append(blocks, block)
	}
	return blocks, nil
}

func fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}
