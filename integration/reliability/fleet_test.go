package reliability

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"provision/integration/localstack"
	"provision/integration/program"
	"provision/integration/proxy"
)

const (
	hub        = "300000000000" // the account of the runners and of the state's bucket
	runners    = 4
	fleetLease = 2 * time.Minute // a runner that the machine leaves waiting for a minute has not lost its share
)

// targetAccount is the account of a target.
func targetAccount(i int) string { return fmt.Sprintf("4%011d", i) }

// fleet is many accounts of a served sandbox, and runners that share them.
type fleet struct {
	*testing.T
	size        int
	endpoint    string
	proxy       *proxy.Proxy
	states      *s3.Client
	bucket      string
	folder      string
	environment []string
}

// newFleet creates the role that the runners assume in each target's account. The states are kept at another endpoint if
// one is given.
func newFleet(t *testing.T, size int, endpoint, states, bucket string) *fleet {
	t.Helper()
	f := &fleet{T: t, size: size, endpoint: endpoint, proxy: proxy.New(t, endpoint), bucket: bucket, folder: t.TempDir()}
	f.environment = append(localstack.Environment(f.proxy.URL, hub), "GORACE=atexit_sleep_ms=0")
	if states != endpoint {
		f.environment = append(f.environment, "AWS_ENDPOINT_URL_S3="+states)
	}
	f.states = s3.NewFromConfig(localstack.Config(states, hub, "us-east-1"), func(o *s3.Options) { o.UsePathStyle = true })
	settings := fmt.Sprintf("regions: [%s]\nstate: {s3: s3://%s/fleet, lease: %s}\n", region, bucket, fleetLease) +
		"defaults: {network: {azs: 2, nat: single}, endpoints: {s3: none, ssm: none}}\ntargets:\n"
	for i := range size {
		role, err := iam.NewFromConfig(localstack.Config(endpoint, targetAccount(i), region)).CreateRole(t.Context(), &iam.CreateRoleInput{
			RoleName: aws.String("provision-web-apply"), AssumeRolePolicyDocument: aws.String(
				`{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::` + hub + `:root"}}}`),
		})
		must(t, err)
		settings += fmt.Sprintf("  team-%02d: {role_arn: %q}\n", i, *role.Role.Arn)
	}
	must(t, os.WriteFile(filepath.Join(f.folder, "provision.yaml"), []byte(settings), 0o600))
	f.must("state", "init", "s3://"+bucket)
	return f
}

func (f *fleet) start(arguments ...string) *process {
	f.Helper()
	return start(f.T, f.folder, f.environment, append(arguments, "--progress", "none")...)
}

func (f *fleet) must(arguments ...string) {
	f.Helper()
	p := f.start(arguments...)
	if code := p.end(f.T); code != exitDone {
		f.Fatalf("provision %v ends with %d:\n%s", arguments, code, p.said())
	}
}

// Four processes share a fleet of many accounts; one is killed in the middle of it. The others take its share over when its
// leases have ended, every target ends whole, and none was ever worked on by two at once.
func TestFleetOutlivesAKilledRunner(t *testing.T) {
	if program.Raced && !long() {
		t.Skip("its many processes are run without the race detector, by `make test`")
	}
	t.Parallel() // with others: it waits
	for _, test := range []struct {
		name   string
		size   int
		states func(t *testing.T, endpoint string) string
	}{
		{"states in the sandbox", 24, func(_ *testing.T, endpoint string) string { return endpoint }},
		{"states in LocalStack", 8, func(t *testing.T, _ string) string { return localstack.Endpoint(t) }},
	} {
		runCase(t, test.name, func(t *testing.T) {
			t.Parallel()
			endpoint := serve(t)
			f := newFleet(t, test.size, endpoint, test.states(t, endpoint), fmt.Sprintf("fleet-%d", time.Now().UnixNano()))
			middle := 30 * test.size // of some 100 calls a target
			victim := make(chan *process, 1)
			f.proxy.Reset()
			f.proxy.Inject(proxy.Fault{Nth: middle, Mode: proxy.Pass, Then: func() { must(t, (<-victim).Process.Kill()) }})
			all := make([]*process, runners)
			for i := range all {
				all[i] = f.start("up", "--yes", "--shard", fmt.Sprintf("%d/%d", i+1, runners), "--max-concurrent-targets", "3")
			}
			last := runners - 1
			victim <- all[last]
			taken := false
			for i, p := range all {
				want := exitDone
				if i == last {
					want = exitKilled
				}
				if code := p.end(t); code != want {
					t.Fatalf("runner %d ends with %d, want %d:\n%s", i+1, code, want, p.said())
				}
				taken = taken || strings.Contains(p.said(), fmt.Sprintf("the lease of share %d/%d ended", runners, runners))
			}
			if !taken {
				t.Error("nobody says that the dead runner's share was taken over")
			}
			f.mustBeApart(f.proxy.Calls())
			f.mustBeLeasedInTurn()
			f.must("plan", "--detailed-exitcode")
			f.mustHaveOneEach()
		})
	}
}

// span is when one session changed something in an account.
type span struct{ begin, end time.Duration }

// mustBeApart checks by the calls that the sessions in an account, each of which has an access key of its own, changed
// things one after the other.
func (f *fleet) mustBeApart(calls proxy.Calls) {
	f.Helper()
	sessions, twice := map[string]map[string]span{}, 0
	for _, call := range calls.Mutating() {
		account, ok := strings.CutPrefix(call.Account, "ASIA")
		if !ok || len(account) < len(hub) {
			continue
		}
		account = account[:len(hub)]
		if sessions[account] == nil {
			sessions[account] = map[string]span{}
		}
		was, seen := sessions[account][call.Account]
		if !seen {
			was = span{call.Begin, call.End}
		}
		sessions[account][call.Account] = span{min(was.begin, call.Begin), max(was.end, call.End)}
	}
	for i := range f.size {
		account := targetAccount(i)
		var spans []span
		for _, s := range sessions[account] {
			spans = append(spans, s)
		}
		slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.begin, b.begin) })
		if len(spans) == 0 {
			f.Errorf("nobody worked on account %s", account)
		}
		for j, s := range spans[min(1, len(spans)):] {
			twice++
			if before := spans[j]; s.begin < before.end {
				f.Errorf("account %s was worked on by one from %s to %s, and by another from %s", account, before.begin, before.end, s.begin)
			}
		}
	}
	f.Logf("%d accounts, %d of them were gone on with by another runner; %d calls", len(sessions), twice, len(calls))
}

// leaseVersion is what a lock's object held at some time.
type leaseVersion struct {
	Run          string
	Generation   uint64
	LeaseSeconds float64
	Released     bool
	written      time.Time
}

// mustBeLeasedInTurn checks by the versions of each target's lock that each runner that took it found it released, or
// older than its lease.
func (f *fleet) mustBeLeasedInTurn() {
	f.Helper()
	ended := 0
	for i := range f.size {
		versions := f.leaseVersions(fmt.Sprintf("fleet/team-%02d/web/locks/%s.json", i, region))
		for j, next := range versions[min(1, len(versions)):] {
			was := versions[j]
			if was.Run == next.Run || was.Released {
				continue
			}
			ended++
			if age := next.written.Sub(was.written); age.Seconds() < was.LeaseSeconds || next.Generation != was.Generation+1 {
				f.Errorf("team-%02d: generation %d was taken %s after %d was written, whose lease is %gs", i, next.Generation,
					age, was.Generation, was.LeaseSeconds)
			}
		}
	}
	f.Logf("%d locks were taken when their lease had ended", ended)
	if ended == 0 {
		f.Error("the killed runner held no lock: it was not killed in the middle of its work")
	}
}

// leaseVersions are all that an object was, the oldest first.
func (f *fleet) leaseVersions(key string) []leaseVersion {
	f.Helper()
	out, err := f.states.ListObjectVersions(f.Context(), &s3.ListObjectVersionsInput{Bucket: &f.bucket, Prefix: &key})
	must(f.T, err)
	var all []leaseVersion
	for _, version := range slices.Backward(out.Versions) {
		object, err := f.states.GetObject(f.Context(), &s3.GetObjectInput{Bucket: &f.bucket, Key: &key, VersionId: version.VersionId})
		must(f.T, err)
		var text bytes.Buffer
		_, err = text.ReadFrom(object.Body)
		must(f.T, err)
		lease := leaseVersion{written: *version.LastModified}
		must(f.T, json.Unmarshal(text.Bytes(), &lease))
		all = append(all, lease)
	}
	if len(all) < 2 {
		f.Errorf("%s has %d versions", key, len(all))
	}
	return all
}

// mustHaveOneEach checks that no target was made twice.
func (f *fleet) mustHaveOneEach() {
	f.Helper()
	for i := range f.size {
		out, err := ec2.NewFromConfig(localstack.Config(f.endpoint, targetAccount(i), region)).DescribeVpcs(f.Context(), &ec2.DescribeVpcsInput{
			Filters: []ec2types.Filter{{Name: aws.String("tag:provision:stack"), Values: []string{"web"}}},
		})
		must(f.T, err)
		if len(out.Vpcs) != 1 {
			f.Errorf("team-%02d has %d VPCs", i, len(out.Vpcs))
		}
	}
}
