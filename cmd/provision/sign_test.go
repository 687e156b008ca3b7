package main

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// A pipeline signs its plan with a key that it can't take away, and the one that applies it needs the public half alone.
func TestPlanSignedByKMS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, smallStack)
		api := kms.NewFromConfig(aws.Config{
			Region: "eu-west-1", HTTPClient: w.box, Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, secretKey, ""),
		})
		key, trusted := signingKey(t, api)
		_, other := signingKey(t, api)
		plan := filepath.Join(w.dir, "plan.json")
		for _, name := range []string{"kms:alias/plans", "kms:" + key} {
			w.must(ending.Done, w.run("plan", "--regions", "eu-west-1", "--out", plan, "--sign", name))
			w.says(w.must(ending.Refused, w.run("up", plan, "--require-signature", other)), "no trusted key made its signature")
		}
		w.says(w.must(ending.Failed, w.run("plan", "--regions", "eu-west-1", "--out", plan+".none", "--sign", "kms:alias/none")),
			"sign with the key alias/none of KMS", "NotFoundException", "next: pass --sign kms:KEY with a key of this account")
		if _, err := os.Stat(plan + ".none"); err == nil {
			t.Error("a plan that could not be signed was saved")
		}
		w.must(ending.Done, w.run("up", plan, "--require-signature", trusted))
		w.must(ending.Done, w.run("down", "--yes"))
	})
}

// signingKey makes a key of KMS, the first one with the alias "alias/plans", and a file with its public half.
func signingKey(t *testing.T, api *kms.Client) (arn, public string) {
	t.Helper()
	made, err := api.CreateKey(t.Context(), &kms.CreateKeyInput{KeySpec: types.KeySpecEccNistP256, KeyUsage: types.KeyUsageTypeSignVerify})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = api.CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/plans"), TargetKeyId: made.KeyMetadata.KeyId})
	given, err := api.GetPublicKey(t.Context(), &kms.GetPublicKeyInput{KeyId: made.KeyMetadata.KeyId})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "plans.pub")
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: given.PublicKey})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return aws.ToString(made.KeyMetadata.Arn), path
}
