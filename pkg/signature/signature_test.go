package signature_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provision/pkg/signature"
)

func write(t *testing.T, blocks ...*pem.Block) string {
	t.Helper()
	path, text := filepath.Join(t.TempDir(), "key.pem"), []byte{}
	for _, block := range blocks {
		text = append(text, pem.EncodeToMemory(block)...)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func private(t *testing.T, key any) *pem.Block {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return &pem.Block{Type: "PRIVATE KEY", Bytes: der}
}

func public(t *testing.T, key crypto.PublicKey) *pem.Block {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return &pem.Block{Type: "PUBLIC KEY", Bytes: der}
}

func ed(t *testing.T) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pub, priv
}

// Only the text that was signed passes, and only under a key that is trusted.
func TestEd25519(t *testing.T) {
	trusted, key := ed(t)
	other, foreign := ed(t)
	verifier, err := signature.ReadVerifier(write(t, public(t, other), public(t, trusted)))
	if err != nil {
		t.Fatal(err)
	}
	only, err := signature.ReadVerifier(write(t, public(t, trusted)))
	if err != nil {
		t.Fatal(err)
	}
	sign := func(key ed25519.PrivateKey) signature.Signature {
		signer, err := signature.ReadSigner(write(t, private(t, key)))
		if err != nil {
			t.Fatal(err)
		}
		s, err := signer.Sign(t.Context(), []byte("plan 1"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	good := sign(key)
	if err := verifier.Verify(t.Context(), []byte("plan 1"), good); err != nil {
		t.Error(err)
	}
	cut, renamed := good, good
	cut.Value, renamed.Algorithm = good.Value[:10], signature.ECDSASHA256
	for name, bad := range map[string]signature.Signature{
		"by another key": sign(foreign), "cut off": cut, "of another algorithm": renamed, "none": {},
	} {
		if err := only.Verify(t.Context(), []byte("plan 1"), bad); !errors.Is(err, signature.ErrForeign) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := only.Verify(t.Context(), []byte("plan 2"), good); !errors.Is(err, signature.ErrForeign) {
		t.Errorf("another text: %v", err)
	}
}

// A key of KMS on P-256 is verified with what `aws kms get-public-key` gives: KMS signs the SHA-256 of the text, in ASN.1.
func TestECDSA(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := signature.ReadVerifier(write(t, public(t, key.Public())))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("plan 1"))
	value, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	s := signature.Signature{Algorithm: signature.ECDSASHA256, Value: value}
	if err := verifier.Verify(t.Context(), []byte("plan 1"), s); err != nil {
		t.Error(err)
	}
	if err := verifier.Verify(t.Context(), []byte("plan 2"), s); !errors.Is(err, signature.ErrForeign) {
		t.Errorf("another text: %v", err)
	}
}

func TestKeysOfNoUseAreRefused(t *testing.T) {
	pub, priv := ed(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"no key": write(t), "two": write(t, private(t, priv), private(t, priv)), "public": write(t, public(t, pub)),
		"RSA": write(t, private(t, rsaKey)), "nothing there": "nowhere.pem", "a folder": t.TempDir(),
		"not PKCS #8": write(t, &pem.Block{Type: "PRIVATE KEY", Bytes: []byte("secret")}),
	} {
		_, err := signature.ReadSigner(path)
		if _, ok := errors.AsType[*signature.KeyError](err); !ok || strings.Contains(err.Error(), "secret") {
			t.Errorf("to sign, %s: %v", name, err)
		}
	}
	for name, path := range map[string]string{
		"no key": write(t), "private": write(t, private(t, priv)), "RSA": write(t, public(t, rsaKey.Public())),
		"P-384": write(t, public(t, p384.Public())), "a device": "/dev/zero",
		"one of two": write(t, public(t, pub), &pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}),
	} {
		_, err := signature.ReadVerifier(path)
		if _, ok := errors.AsType[*signature.KeyError](err); !ok {
			t.Errorf("to verify, %s: %v", name, err)
		}
	}
}
