package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"regexp"
	"strings"
)

// signingKey is an asymmetric key of KMS whose private half never leaves it.
type signingKey struct {
	ID, ARN  string
	Disabled bool   `json:",omitempty"`
	Private  []byte // PKCS #8
}

var signingKeys = newKind[signingKey]("kms-key", "")

// keyAlias is another name of a key.
type keyAlias struct{ Name, Key string }

var keyAliases = newKind[keyAlias]("kms-alias", "")

// The one kind of key that the sandbox has, and what it can do; see "Key spec reference" in the AWS KMS Developer Guide.
const (
	signingSpec      = "ECC_NIST_P256"
	signingUsage     = "SIGN_VERIFY"
	signingAlgorithm = "ECDSA_SHA_256"
)

// longestRaw is the longest message that Sign takes as it is (AWS KMS API Reference, Sign).
const longestRaw = 4096

var aliasName = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]+$`)

// kmsArea registers what KMS does with keys that sign.
func kmsArea(reg *registry) {
	reg.add("kms", "CreateKey", mutates, createKey)
	reg.add("kms", "CreateAlias", mutates, createAlias)
	reg.add("kms", "DisableKey", mutates, disableKey)
	reg.add("kms", "GetPublicKey", reads, getPublicKey)
	reg.add("kms", "Sign", reads, signByKey)
}

func kmsError(code, format string, args ...any) *Error {
	return iamError(code, http.StatusBadRequest, format, args...)
}

type keyView struct {
	KeyID      string `json:"KeyId"`
	ARN        string `json:"Arn"`
	AccountID  string `json:"AWSAccountId"`
	Enabled    bool
	KeyState   string
	KeyUsage   string
	KeySpec    string
	KeyManager string
	Algorithms []string `json:"SigningAlgorithms"`
}

func createKey(c *call) (any, error) {
	var in struct{ KeySpec, KeyUsage, Description string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.KeySpec != signingSpec || in.KeyUsage != signingUsage {
		return nil, iamError("NotImplemented", http.StatusNotImplemented, "The sandbox has keys of %s for %s only.", signingSpec, signingUsage)
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	id := c.region.uuid()
	key := &signingKey{ID: id, ARN: c.region.arn("kms", "key/"+id), Private: encoded}
	signingKeys.put(c.region, id, key)
	return struct{ KeyMetadata keyView }{keyView{
		KeyID: id, ARN: key.ARN, AccountID: c.account.id, Enabled: true, KeyState: "Enabled",
		KeyUsage: signingUsage, KeySpec: signingSpec, KeyManager: "CUSTOMER", Algorithms: []string{signingAlgorithm},
	}}, nil
}

func createAlias(c *call) (any, error) {
	var in struct{ AliasName, TargetKeyID string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	key, err := c.key(in.TargetKeyID)
	switch {
	case err != nil:
		return nil, err
	case !aliasName.MatchString(in.AliasName) || strings.HasPrefix(in.AliasName, "alias/aws/"):
		return nil, kmsError("InvalidAliasNameException", "")
	case keyAliases.get(c.region, in.AliasName) != nil:
		return nil, kmsError("AlreadyExistsException", "An alias with the name %s already exists", c.region.arn("kms", in.AliasName))
	}
	keyAliases.put(c.region, in.AliasName, &keyAlias{Name: in.AliasName, Key: key.ID})
	return nil, nil
}

func disableKey(c *call) (any, error) {
	var in struct{ KeyID string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	key, err := c.key(in.KeyID)
	if err != nil {
		return nil, err
	}
	key.Disabled = true
	return nil, nil
}

func getPublicKey(c *call) (any, error) {
	var in struct{ KeyID string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	key, private, err := c.usableKey(in.KeyID)
	if err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	return struct {
		KeyID             string `json:"KeyId"`
		PublicKey         []byte
		KeySpec           string
		KeyUsage          string
		SigningAlgorithms []string
	}{key.ARN, public, signingSpec, signingUsage, []string{signingAlgorithm}}, nil
}

func signByKey(c *call) (any, error) {
	var in struct {
		KeyID            string
		Message          []byte
		MessageType      string
		SigningAlgorithm string
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	key, private, err := c.usableKey(in.KeyID)
	if err != nil {
		return nil, err
	}
	digest := in.Message
	switch {
	case in.SigningAlgorithm != signingAlgorithm:
		return nil, kmsError("InvalidKeyUsageException", "%s key usage is %s which is not valid for algorithm %s.",
			key.ARN, signingUsage, in.SigningAlgorithm)
	case in.MessageType == "DIGEST" && len(digest) != sha256.Size:
		return nil, kmsError("ValidationException", "Digest is invalid length for algorithm %s.", signingAlgorithm)
	case in.MessageType != "DIGEST" && (len(digest) == 0 || len(digest) > longestRaw):
		return nil, kmsError("ValidationException", "1 validation error detected: Value at 'message' failed to satisfy "+
			"constraint: Member must have length less than or equal to %d", longestRaw)
	case in.MessageType != "DIGEST":
		sum := sha256.Sum256(digest)
		digest = sum[:]
	}
	value, err := ecdsa.SignASN1(rand.Reader, private, digest)
	if err != nil {
		return nil, err
	}
	return struct {
		KeyID            string `json:"KeyId"`
		Signature        []byte
		SigningAlgorithm string
	}{key.ARN, value, signingAlgorithm}, nil
}

// key is one that a call names by its ID, its ARN, an alias or an alias's ARN.
func (c *call) key(name string) (*signingKey, *Error) {
	id := strings.TrimPrefix(name, c.region.arn("kms", ""))
	if alias := keyAliases.get(c.region, id); alias != nil {
		id = alias.Key
	}
	if key := signingKeys.get(c.region, strings.TrimPrefix(id, "key/")); key != nil {
		return key, nil
	}
	if strings.HasPrefix(id, "alias/") {
		return nil, kmsError("NotFoundException", "Alias %s is not found.", c.region.arn("kms", id))
	}
	return nil, kmsError("NotFoundException", "Key '%s' does not exist", c.region.arn("kms", "key/"+strings.TrimPrefix(id, "key/")))
}

// usableKey is one that is not disabled, with its private half.
func (c *call) usableKey(name string) (*signingKey, *ecdsa.PrivateKey, error) {
	key, refused := c.key(name)
	if refused != nil {
		return nil, nil, refused
	}
	if key.Disabled {
		return nil, nil, kmsError("DisabledException", "%s is disabled.", key.ARN)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(key.Private)
	if err != nil {
		return nil, nil, err
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, kmsError("KMSInternalException", "")
	}
	return key, private, nil
}

// demandsOfKMS are one for the key, by the ARN that policies name: aliases are no resource of the calls that use a key. See
// "Actions, resources, and condition keys for AWS Key Management Service" in the Service Authorization Reference.
func (c *call) demandsOfKMS() []demand {
	var in struct{ KeyID, TargetKeyID string }
	if err := c.decode(&in); err != nil {
		return []demand{c.demand("*")}
	}
	if in.KeyID == "" {
		in.KeyID = in.TargetKeyID
	}
	if key, err := c.key(in.KeyID); err == nil {
		return []demand{c.demand(key.ARN)}
	}
	return []demand{c.demand("*")}
}
