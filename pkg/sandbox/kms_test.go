package sandbox_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"provision/pkg/sandbox"
)

// A key signs a text or its digest, whatever it is called by, and its public half verifies it outside.
func TestKeysThatSign(t *testing.T) {
	api := kms.NewFromConfig(awsConfig(sandbox.New(sandbox.Options{}), "eu-west-1"))
	key := do(t, api.CreateKey, &kms.CreateKeyInput{
		KeySpec: types.KeySpecEccNistP256, KeyUsage: types.KeyUsageTypeSignVerify,
	}).KeyMetadata
	alias := aws.String("alias/plans")
	do(t, api.CreateAlias, &kms.CreateAliasInput{AliasName: alias, TargetKeyId: key.KeyId})

	given := do(t, api.GetPublicKey, &kms.GetPublicKeyInput{KeyId: alias})
	parsed, err := x509.ParsePKIXPublicKey(given.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public, ok := parsed.(*ecdsa.PublicKey)
	if !ok || given.KeySpec != types.KeySpecEccNistP256 {
		t.Fatalf("the public key is a %T of %s", parsed, given.KeySpec)
	}
	text := []byte("a plan")
	sum := sha256.Sum256(text)
	for name, in := range map[string]*kms.SignInput{
		"the text, by the ID":     {KeyId: key.KeyId, Message: text},
		"the text, by the ARN":    {KeyId: key.Arn, Message: text, MessageType: types.MessageTypeRaw},
		"the digest, by an alias": {KeyId: alias, Message: sum[:], MessageType: types.MessageTypeDigest},
	} {
		in.SigningAlgorithm = types.SigningAlgorithmSpecEcdsaSha256
		out := do(t, api.Sign, in)
		if !ecdsa.VerifyASN1(public, sum[:], out.Signature) || aws.ToString(out.KeyId) != aws.ToString(key.Arn) {
			t.Errorf("%s: the signature is not the key's", name)
		}
	}
}

func TestWhatKeysRefuse(t *testing.T) {
	api := kms.NewFromConfig(awsConfig(sandbox.New(sandbox.Options{}), "eu-west-1"))
	key := do(t, api.CreateKey, &kms.CreateKeyInput{
		KeySpec: types.KeySpecEccNistP256, KeyUsage: types.KeyUsageTypeSignVerify,
	}).KeyMetadata.KeyId
	sign := func(change func(*kms.SignInput)) *kms.SignInput {
		in := &kms.SignInput{KeyId: key, Message: []byte("a plan"), SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256}
		change(in)
		return in
	}
	refused(t, "NotFoundException", api.Sign, sign(func(in *kms.SignInput) { in.KeyId = aws.String("alias/none") }))
	refused(t, "NotFoundException", api.Sign, sign(func(in *kms.SignInput) { in.KeyId = aws.String("0000") }))
	refused(t, "ValidationException", api.Sign, sign(func(in *kms.SignInput) { in.Message = bytes.Repeat([]byte("x"), 4097) }))
	refused(t, "ValidationException", api.Sign, sign(func(in *kms.SignInput) { in.MessageType = types.MessageTypeDigest }))
	refused(t, "InvalidKeyUsageException", api.Sign, sign(func(in *kms.SignInput) {
		in.SigningAlgorithm = types.SigningAlgorithmSpecRsassaPssSha256
	}))
	refused(t, "NotImplemented", api.CreateKey, &kms.CreateKeyInput{})
	refused(t, "NotFoundException", api.CreateAlias, &kms.CreateAliasInput{AliasName: aws.String("alias/x"), TargetKeyId: aws.String("0")})
	refused(t, "InvalidAliasNameException", api.CreateAlias, &kms.CreateAliasInput{AliasName: aws.String("alias/aws/x"), TargetKeyId: key})
	do(t, api.CreateAlias, &kms.CreateAliasInput{AliasName: aws.String("alias/x"), TargetKeyId: key})
	refused(t, "AlreadyExistsException", api.CreateAlias, &kms.CreateAliasInput{AliasName: aws.String("alias/x"), TargetKeyId: key})
	do(t, api.DisableKey, &kms.DisableKeyInput{KeyId: aws.String("alias/x")})
	refused(t, "DisabledException", api.Sign, sign(func(*kms.SignInput) {}))
	refused(t, "DisabledException", api.GetPublicKey, &kms.GetPublicKeyInput{KeyId: key})
}
