package state

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

func TestS3Life(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		if d := mustLoad(t, s); !d.Fresh() {
			t.Fatalf("there is a state before there is one: %v", d)
		}
		lock := mustAcquire(t, s, "eu-west-1", Global)
		w := mustOpen(t, lock)
		journal := w.Journal("eu-west-1")
		facts := Facts{CIDR: "10.7.0.0/16", Zones: []string{"euw1-az1"}}
		mustDo(t, w.SetFacts("eu-west-1", facts), journal.Claim(t.Context(), claims("vpc", "igw")))
		mustDo(t, journal.Bind("vpc", "vpc-1"), journal.Forget("igw", ""))
		mustDo(t, w.Journal(Global).Bind("role", "web-role"), w.Flush(t.Context()))

		got := mustLoad(t, s)
		if diff := cmp.Diff(w.Document(), got); diff != "" {
			t.Error("what is there is not what the writer knows:", diff)
		}
		want := map[string]Region{
			"eu-west-1": {Facts: facts, Serial: 3, Resources: map[graph.Key]Resource{
				"vpc": {ID: "vpc-1", Nonce: "nonce of vpc", Since: someTime},
			}},
			Global: {Serial: 2, Resources: map[graph.Key]Resource{"role": {ID: "web-role", Since: someTime}}},
		}
		if diff := cmp.Diff(want, got.Regions); diff != "" || got.Head != someHead {
			t.Error(diff, got.Head)
		}
		if err := lock.Discard(t.Context()); err == nil {
			t.Error("discarded a state that holds resources")
		}
		mustDo(t, journal.Forget("vpc", "vpc-1"), w.Drop("eu-west-1"), w.Journal(Global).Forget("role", ""), w.Close(t.Context()),
			lock.Discard(t.Context()))
		if d := mustLoad(t, s); !d.Fresh() {
			t.Errorf("discarded: %v", d)
		}
	})
}

func TestS3RegionsAreIndependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		one, other := mustAcquire(t, s, "eu-west-1"), mustAcquire(t, s, "us-east-1")
		w1, w2 := mustOpen(t, one), mustOpen(t, other)
		mustDo(t, w1.Journal("eu-west-1").Claim(t.Context(), claims("vpc")))
		mustDo(t, w2.Journal("us-east-1").Claim(t.Context(), claims("igw")))
		if err := w1.Journal("us-east-1").Bind("igw", "igw-1"); err == nil || !strings.Contains(err.Error(), "did not lock") {
			t.Errorf("wrote a region that is another's: %v", err)
		}
		if err := errors.Join(w1.SetFacts("us-east-1", Facts{}), w1.Drop("us-east-1")); err == nil {
			t.Error("changed a region that is another's")
		}
		mustDo(t, w1.Close(t.Context()), w2.Close(t.Context()))
		if d := mustLoad(t, s); len(d.RegionNames()) != 2 || len(d.Regions["us-east-1"].Resources) != 1 {
			t.Errorf("got %v", d)
		}
	})
}

// Of two first runs on different regions, both mint an owner and one of them stays.
func TestS3TwoFirstRunsShareAnOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		owners := make(chan string)
		for _, region := range []string{"eu-west-1", "us-east-1", "us-west-2"} {
			go func() {
				head := someHead
				head.Owner = NewOwner()
				w, err := mustAcquire(t, s, region).Open(t.Context(), head)
				if err != nil {
					t.Error(err)
					owners <- ""
					return
				}
				owners <- w.Document().Owner
			}()
		}
		first, second, third := <-owners, <-owners, <-owners
		if first == "" || first != second || second != third {
			t.Errorf("owners %q, %q and %q", first, second, third)
		}
	})
}

func TestS3LostHeadIsFoundInItsParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := mustAcquire(t, s, "eu-west-1")
		mustDo(t, mustOpen(t, lock).Journal("eu-west-1").Claim(t.Context(), claims("vpc")))
		o, err := s.get(t.Context(), s.headKey())
		mustDo(t, err, s.remove(t.Context(), s.headKey(), o.etag))
		if d := mustLoad(t, s); d.Owner != owner1 {
			t.Errorf("got %v", d)
		}
		w, err := lock.Open(t.Context(), Head{Stack: "web", Owner: owner2, Account: someHead.Account})
		if err != nil || w.Document().Owner != owner1 {
			t.Errorf("got %v, %v", w, err)
		}
		if o, err := s.get(t.Context(), s.headKey()); err != nil || o == nil {
			t.Errorf("the head was not written again: %v", err)
		}
	})
}

func TestS3Damage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := mustAcquire(t, s, "eu-west-1", Global)
		w := mustOpen(t, lock)
		mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")), w.Close(t.Context()))
		for name, data := range map[string][]byte{
			"empty": nil, "cut off": []byte("{\n"), "newer": resealed("  \"schema\": 9\n}\n"),
		} {
			for _, key := range []string{s.headKey(), s.partKey("eu-west-1")} {
				o, err := s.get(t.Context(), key)
				mustDo(t, err)
				_, err = s.put(t.Context(), key, data, o.etag)
				mustDo(t, err)
				if _, err := s.Load(t.Context()); !unreadable(err) || !strings.Contains(err.Error(), s.url(key)) {
					t.Errorf("%s %s: %v", name, key, err)
				}
				if _, err := lock.Open(t.Context(), someHead); !unreadable(err) {
					t.Errorf("%s %s opens: %v", name, key, err)
				}
				mustDo(t, lock.Replace(t.Context(), someDocument()))
				if d := mustLoad(t, s); !d.sameAs(someDocument()) {
					t.Errorf("%s %s, after it was replaced: %v", name, key, d)
				}
			}
		}
	})
}

func TestS3PartsOfTwoOwnersAreCorrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		w := mustOpen(t, mustAcquire(t, s, "eu-west-1"))
		mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")), w.Close(t.Context()))
		theirs := someDocument()
		theirs.Owner, theirs.Regions = owner2, map[string]Region{"us-east-1": theirs.Regions["eu-west-1"]}
		_, err := s.put(t.Context(), s.partKey("us-east-1"), mustSeal(t, part{Document: theirs}), "")
		mustDo(t, err)
		if _, err := s.Load(t.Context()); !unreadable(err) || !strings.Contains(err.Error(), owner2) {
			t.Errorf("got %v", err)
		}
	})
}

func TestS3Identity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := mustAcquire(t, s, "eu-west-1")
		w := mustOpen(t, lock)
		mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")))
		other := Head{Stack: "web", Owner: owner2, Account: "210987654321"}
		_, err := lock.Open(t.Context(), other)
		if _, ok := errors.AsType[*IdentityError](err); !ok {
			t.Errorf("got %v", err)
		}
		mustDo(t, w.Journal("eu-west-1").Forget("vpc", "vpc-1"), w.Close(t.Context()))
		w, err = lock.Open(t.Context(), other)
		mustDo(t, err)
		mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("igw")))
		if d := mustLoad(t, s); d.Owner != owner2 || d.Account != other.Account || len(d.Regions["eu-west-1"].Resources) != 1 {
			t.Errorf("an empty state is not taken over: %v", d)
		}
	})
}

func TestS3HistoryAndRestore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newS3(newBucket(t, sandbox.Options{}))
		lock := mustAcquire(t, s, "eu-west-1")
		w := mustOpen(t, lock)
		journal := w.Journal("eu-west-1")
		for _, key := range []graph.Key{"a", "b", "c"} {
			pass(t, time.Second)
			mustDo(t, journal.Claim(t.Context(), claims(key)))
		}
		mustDo(t, w.Close(t.Context()))
		versions, err := s.History(t.Context())
		if err != nil || len(versions) != 4 || !versions[0].Current || versions[1].Current || versions[0].Region != "eu-west-1" {
			t.Fatalf("history: %v, %v", versions, err)
		}
		before := mustLoad(t, s)
		mustDo(t, Restore(t.Context(), s, lock, versions[1].ID))
		after := mustLoad(t, s)
		if len(after.Regions["eu-west-1"].Resources) != 2 || after.Serial <= before.Serial {
			t.Errorf("restored: %v", after)
		}
		for _, id := range []string{"yesterday", "eu-west-1@nonsense", "@"} {
			if _, err := s.LoadVersion(t.Context(), id); err == nil {
				t.Errorf("there is a version %q that there is not", id)
			}
		}
	})
}

func TestMigrateThereAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		local, remote := newLocal(t), newS3(newBucket(t, sandbox.Options{}))
		back := newLocal(t)
		first, second := mustAcquire(t, local), mustAcquire(t, remote, "eu-west-1", Global)
		mustDo(t, first.Replace(t.Context(), someDocument()))
		mustDo(t, Migrate(t.Context(), local, remote, second))
		mustDo(t, Migrate(t.Context(), remote, back, mustAcquire(t, back)))
		if d := mustLoad(t, back); !d.sameAs(someDocument()) {
			t.Error(cmp.Diff(someDocument(), d))
		}
		for _, err := range []error{
			Migrate(t.Context(), local, remote, second),           // there is one
			Migrate(t.Context(), newLocal(t), remote, second),     // there is none
			second.Replace(t.Context(), documentOf("ap-south-1")), // not locked
		} {
			if err == nil {
				t.Error("migrated what must not be")
			}
		}
	})
}

func documentOf(region string) Document {
	d := someDocument()
	d.Regions = map[string]Region{region: d.Regions["eu-west-1"]}
	return d
}

func TestS3WithoutABucket(t *testing.T) {
	s := newS3(sandbox.New(sandbox.Options{}))
	_, loadErr := s.Load(t.Context())
	_, acquireErr := s.Acquire(t.Context(), Request{Regions: []string{"eu-west-1"}})
	_, historyErr := s.History(t.Context())
	for _, err := range []error{loadErr, acquireErr, historyErr, s.CheckWritable(t.Context())} {
		if _, ok := errors.AsType[*NoBucketError](err); !ok || !strings.Contains(err.Error(), "the bucket states does not exist") {
			t.Errorf("got %v", err)
		}
	}
}

func TestParseS3URL(t *testing.T) {
	for url, want := range map[string][3]any{
		"s3://b":           {"b", "", true},
		"s3://b/":          {"b", "", true},
		"s3://b/x/y/":      {"b", "x/y", true},
		"s3://":            {"", "", false},
		".provision/w.jso": {".provision", "w.jso", false},
	} {
		if bucket, prefix, ok := ParseS3URL(url); ok != want[2] || ok && (bucket != want[0] || prefix != want[1]) {
			t.Errorf("%s: %q, %q, %v", url, bucket, prefix, ok)
		}
	}
}

func TestInitBucket(t *testing.T) {
	box := sandbox.New(sandbox.Options{})
	api := s3Client(box)
	options := BucketOptions{Bucket: someBucket, Region: someRegion}
	done, err := InitBucket(t.Context(), api, options)
	if err != nil || len(done) < 4 {
		t.Fatalf("%q, %v", done, err)
	}
	again, err := InitBucket(t.Context(), api, options)
	if err != nil || len(again) != 0 {
		t.Errorf("the second time: %q, %v", again, err)
	}
	versioning, err := api.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: aws.String(someBucket)})
	if err != nil || versioning.Status != "Enabled" {
		t.Errorf("versioning: %v, %v", versioning, err)
	}
	policy, err := api.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String(someBucket)})
	if err != nil || !strings.Contains(aws.ToString(policy.Policy), `"aws:SecureTransport":"false"`) {
		t.Errorf("policy: %v, %v", policy, err)
	}
	rules, err := api.GetBucketLifecycleConfiguration(t.Context(),
		&s3.GetBucketLifecycleConfigurationInput{Bucket: aws.String(someBucket)})
	if err != nil || len(rules.Rules) != 1 || aws.ToInt32(rules.Rules[0].NoncurrentVersionExpiration.NoncurrentDays) != 90 {
		t.Errorf("lifecycle: %v, %v", rules, err)
	}
	key, err := InitBucket(t.Context(), api, BucketOptions{Bucket: someBucket, Region: someRegion, KMSKey: "alias/states"})
	if err != nil || len(key) != 1 || !strings.Contains(key[0], "aws:kms") {
		t.Errorf("with a key: %q, %v", key, err)
	}
}

// Not all of S3 knows a new bucket at once, nor takes two changes of one at a time: that is waited for.
func TestInitBucketWaitsForS3(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy, err := sandbox.ParseFault("*/s3:PutBucketPolicy#1/code=OperationAborted")
		mustDo(t, err)
		box := sandbox.New(sandbox.Options{UseLag: 20 * time.Second, Faults: []sandbox.Fault{busy}})
		done, err := InitBucket(t.Context(), s3Client(box), BucketOptions{Bucket: someBucket, Region: someRegion})
		want := []string{
			"created the bucket states in eu-west-1", "turned on versions: S3 advises to wait 15 minutes before the first write", "closed it to plain HTTP",
			"set old versions to be removed after 90 days",
		}
		if err != nil || !slices.Equal(done, want) {
			t.Errorf("%q, %v", done, err)
		}
	})
}

func TestInitBucketLeavesTheDecisionsOfOthers(t *testing.T) {
	api := s3Client(sandbox.New(sandbox.Options{}))
	theirs := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket",` +
		`"Resource":"arn:aws:s3:::states"}]}`
	_, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String(someBucket),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: someRegion},
	})
	mustDo(t, err)
	_, err = api.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(someBucket), Policy: aws.String(theirs)})
	mustDo(t, err)
	done, err := InitBucket(t.Context(), api, BucketOptions{Bucket: someBucket, Region: someRegion})
	if err != nil || !strings.Contains(strings.Join(done, "\n"), "it does not refuse plain HTTP") {
		t.Errorf("%q, %v", done, err)
	}
	got, err := api.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String(someBucket)})
	if err != nil || aws.ToString(got.Policy) != theirs {
		t.Errorf("the policy is now %v, %v", got, err)
	}
}
