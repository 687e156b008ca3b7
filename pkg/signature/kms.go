package signature

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// KMSAPI is what a [KMS] signer calls.
type KMSAPI interface {
	Sign(context.Context, *kms.SignInput, ...func(*kms.Options)) (*kms.SignOutput, error)
}

// KMS signs with a key of AWS KMS, which never leaves it: an asymmetric one of the key spec ECC_NIST_P256.
type KMS struct {
	API KMSAPI
	Key string // its ID or ARN, or an alias
}

// kmsPrefix tells a key of KMS from a file.
const kmsPrefix = "kms:"

// KMSKey is the key of KMS that a flag names, such as "kms:alias/plans"; ok is false if it names a file.
func KMSKey(name string) (key string, ok bool) { return strings.CutPrefix(name, kmsPrefix) }

// Region is the region in the ARN of a key; empty for other names of keys.
func (k KMS) Region() string {
	if parts := strings.SplitN(k.Key, ":", 6); len(parts) == 6 {
		return parts[3]
	}
	return ""
}

// Sign implements [Signer]. KMS gets a digest, since it takes no more than 4096 bytes of a text (AWS KMS API Reference, Sign).
func (k KMS) Sign(ctx context.Context, text []byte) (Signature, error) {
	sum := sha256.Sum256(text)
	out, err := k.API.Sign(ctx, &kms.SignInput{
		KeyId: aws.String(k.Key), Message: sum[:], MessageType: types.MessageTypeDigest,
		SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256,
	})
	if err != nil {
		return Signature{}, fmt.Errorf("sign with the key %s of KMS: %w", k.Key, err)
	}
	return Signature{Algorithm: ECDSASHA256, Key: aws.ToString(out.KeyId), Value: out.Signature}, nil
}
