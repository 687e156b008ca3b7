package main

import (
	"bytes"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
	"provision/pkg/state"
)

// ownFailures are errors that the program finds without AWS reporting one.
func ownFailures() []failure {
	guarded := smallStack + "guard: {accounts: [\"999999999999\"]}\n"
	return append([]failure{
		{name: "wrong-account", command: upHere, settings: guarded},
		{name: "wrong-role", command: upHere, settings: smallStack + "guard: {roles: [\"arn:aws:iam::*:role/deploy\"]}\n"},
		{name: "region-not-allowed", command: upHere, settings: smallStack + "guard: {regions: [\"us-*\"]}\n"},
		{name: "region-unknown", command: "up --regions eu-wset-1"},
		{name: "no-region", command: "up"},
		{name: "settings", command: upHere, settings: "nmae: web\ndefaults:\n  network: {nat: singel}\n"}, //nolint:misspell // on purpose
		{name: "flag", command: "up --region eu-west-1"},
		{name: "protected", command: "down --yes", settings: smallStack + "guard: {protect: true}\n", before: upFirst},
		{
			name: "in-place", command: upHere,
			before: func(w *world) {
				upFirst(w)
				w.settings(smallStack + "overrides: {eu-west-1: {network: {cidr: 10.200.0.0/16}}}\n")
			},
		},
		{
			name: "max-destroy", command: upHere,
			before: func(w *world) {
				w.settings("name: web\n")
				upFirst(w)
				w.settings("name: web\ndefaults: {network: {nat: single}}\nguard: {max_destroy: 1}\n")
			},
		},
		{name: "stack-time", command: "up --regions eu-west-1 --yes --timeout 30s"},
		{name: "blocked", command: "down --yes", before: func(w *world) { upFirst(w); w.strangersInterface() }},
	}, stateFailures()...)
}

func stateFailures() []failure {
	remove := func(w *world) {
		upFirst(w)
		if err := os.Remove("web.json"); err != nil {
			w.Fatal(err)
		}
	}
	return []failure{
		{name: "stack-unknown", command: upHere, before: remove},
		{name: "twice", command: "recover --regions eu-west-1", before: func(w *world) { remove(w); w.secondVPC() }},
		{name: "nothing-to-recover", command: "recover --regions eu-west-1"},
		{name: "locked", command: upHere, before: lockForGood},
		{
			name: "other-account", command: upHere, before: upFirst,
			as: func(w *world) runner { return runner{client: w.box, key: "210987654321"} },
		},
		{name: "damaged", command: "status", before: func(w *world) { upFirst(w); w.rewrite(func(b []byte) []byte { return b[:len(b)/2] }) }},
		{
			name: "newer", command: "status",
			before: func(w *world) {
				w.settings("name: web\n")
				w.rewrite(func([]byte) []byte {
					return []byte("{\n  \"checksum\": \"sha256:e112f316235910febb1f47b3f67e699778716c27b54d93eebcbb98df571eb463\",\n" +
						"  \"schema\": 99,\n  \"stack\": \"web\"\n}\n")
				})
			},
		},
		{
			name: "unwritable", command: "up --regions eu-west-1 --yes --state usb/web.json",
			before: func(w *world) {
				if err := os.Symlink("a-disk-that-is-not-mounted", "usb"); err != nil {
					w.Fatal(err)
				}
			},
		},
		{name: "no-bucket", command: "status --state s3://example-states/prod"},
		{
			name: "bucket-taken", command: "state init s3://example-states",
			faults: []string{"*/s3:CreateBucket/code=BucketAlreadyExists,message=The requested bucket name is not available."},
		},
	}
}

func (w *world) rewrite(change func([]byte) []byte) {
	text, err := os.ReadFile("web.json")
	if err != nil && !os.IsNotExist(err) {
		w.Fatal(err)
	}
	if err := os.WriteFile("web.json", change(bytes.Clone(text)), 0o600); err != nil {
		w.Fatal(err)
	}
}

// lockForGood holds the lock of the state until the test ends.
func lockForGood(w *world) {
	lock, err := state.NewLocal("web.json", state.Options{}).Acquire(w.Context(), state.Request{
		Regions: []string{"eu-west-1", state.Global}, Holder: state.Self("up", time.Now()),
	})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = lock.Release(w.Context()) })
}

// ec2 is for changes that others make.
func (w *world) ec2() *ec2.Client {
	c, err := cloud.Open(w.Context(), cloud.Options{Instead: &cloud.Stand{
		Client: w.box, Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "secret", ""),
	}})
	if err != nil {
		w.Fatal(err)
	}
	return c.Region("eu-west-1").EC2
}

// strangersInterface is in a subnet of the stack.
func (w *world) strangersInterface() {
	subnets, err := w.ec2().DescribeSubnets(w.Context(), &ec2.DescribeSubnetsInput{Filters: []types.Filter{{
		Name: aws.String("tag:provision:key"), Values: []string{"subnet/private-a"},
	}}})
	if err != nil {
		w.Fatal(err)
	}
	_, err = w.ec2().CreateNetworkInterface(w.Context(), &ec2.CreateNetworkInterfaceInput{SubnetId: subnets.Subnets[0].SubnetId})
	if err != nil {
		w.Fatal(err)
	}
}

// secondVPC has the tags of the stack's.
func (w *world) secondVPC() {
	vpcs, err := w.ec2().DescribeVpcs(w.Context(), &ec2.DescribeVpcsInput{Filters: []types.Filter{{
		Name: aws.String("tag:provision:key"), Values: []string{"vpc"},
	}}})
	if err != nil {
		w.Fatal(err)
	}
	_, err = w.ec2().CreateVpc(w.Context(), &ec2.CreateVpcInput{
		CidrBlock:         vpcs.Vpcs[0].CidrBlock,
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeVpc, Tags: vpcs.Vpcs[0].Tags}},
	})
	if err != nil {
		w.Fatal(err)
	}
}
