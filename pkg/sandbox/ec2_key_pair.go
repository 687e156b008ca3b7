package sandbox

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"time"
)

// keyPair is what people log in with over SSH. There is no log-in here: its private key is only for show.
type keyPair struct {
	ID          string    `wire:"keyPairId"`
	Name        string    `wire:"keyName"`
	Type        string    `wire:"keyType"`
	Fingerprint string    `wire:"keyFingerprint"`
	Created     time.Time `wire:"createTime"`
	tagSet
}

var keyPairs = newKind[keyPair]("key-pair", "key")

var keyPairListing = listing[keyPair]{
	of: keyPairs, ids: "KeyPairId", unknown: noKeyPair,
	fields: fields[keyPair]{
		"key-pair-id": one(func(k *keyPair) string { return k.ID }),
		"key-name":    one(func(k *keyPair) string { return k.Name }),
		"fingerprint": one(func(k *keyPair) string { return k.Fingerprint }),
	},
}

func keyPairArea(reg *registry) {
	reg.ec2("CreateKeyPair", mutates, createKeyPair)
	reg.ec2("DescribeKeyPairs", reads, describeKeyPairs)
	reg.ec2("DeleteKeyPair", mutates, deleteKeyPair)
}

func noKeyPair(name string) *Error {
	return fail("InvalidKeyPair.NotFound", "The key pair '%s' does not exist", name)
}

// keyPairNamed is nil if there is none.
func (r *region) keyPairNamed(name string) *keyPair {
	for k := range keyPairs.all(r) {
		if k.Name == name {
			return k
		}
	}
	return nil
}

func createKeyPair(c *call) (any, error) {
	name, err := c.Need("KeyName")
	if err != nil {
		return nil, err
	}
	if c.region.keyPairNamed(name) != nil {
		return nil, fail("InvalidKeyPair.Duplicate", "The keypair '%s' already exists.", name)
	}
	tags, err := c.newTags(keyPairs.name)
	if err != nil {
		return nil, err
	}
	material, err := c.region.newPrivateKey()
	if err != nil {
		return nil, err
	}
	k := &keyPair{
		ID: c.region.newID(keyPairs.prefix), Name: name, Type: "ed25519", Fingerprint: c.region.uuid(),
		Created: c.region.now, tagSet: tags,
	}
	keyPairs.put(c.region, k.ID, k)
	return struct {
		*keyPair
		Material string `wire:"keyMaterial"`
	}{k, material}, nil
}

// newPrivateKey is a private key in PEM form, the same for the same seed.
func (r *region) newPrivateKey() (string, error) {
	seed := make([]byte, 0, ed25519.SeedSize)
	for len(seed) < ed25519.SeedSize {
		seed = binary.BigEndian.AppendUint64(seed, r.draw("key-pair"))
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		return "", internal("The key has no PKCS #8 form: %v", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})), nil
}

func describeKeyPairs(c *call) (any, error) {
	found, next, err := keyPairListing.describe(c)
	if err != nil {
		return nil, err
	}
	if names := c.List("KeyName"); len(names) > 0 {
		found = nil
		for _, name := range names {
			k := c.region.keyPairNamed(name)
			if k == nil {
				return nil, noKeyPair(name)
			}
			found = append(found, k)
		}
	}
	return struct {
		Pairs []*keyPair `wire:"keySet>item"`
		page
	}{found, next}, nil
}

// deleteKeyPair succeeds if none of that name exists, as in AWS.
func deleteKeyPair(c *call) (any, error) {
	k := keyPairs.get(c.region, c.Str("KeyPairId"))
	if name := c.Str("KeyName"); name != "" {
		k = c.region.keyPairNamed(name)
	}
	if k != nil {
		keyPairs.drop(c.region, k.ID)
	}
	return nil, nil
}
