// Package signature signs short texts and verifies their signatures, with keys that others keep: an Ed25519 key in a file, as
// `openssl genpkey -algorithm ed25519` writes it, or a key of AWS KMS. It makes, stores and rotates no keys, and it does not
// know what the texts mean: the caller puts the purpose into the text that it signs.
package signature
