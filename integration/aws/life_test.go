package realaws

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/integration/inventory"
	"provision/integration/program"
	"provision/pkg/graph"
)

func TestMain(m *testing.M) { os.Exit(program.Run(m)) }

// life is one stack's, in an account that may hold anything else.
type life struct {
	*testing.T
	config      sdk.Config
	environment []string
	regions     []string
	name        string // of the stack
	folder      string // of settings and state
}

// settings are the smallest stack that has one of each kind. The guard is the program's own.
const settings = `version: 1
name: %s
guard: {accounts: [%q]}
tags: {purpose: integration-test}
defaults:
  network: {azs: 2, nat: single}
`

func newLife(t *testing.T, cfg sdk.Config, environment []string, account string, regions []string) *life {
	t.Helper()
	folder, err := os.MkdirTemp("", "provision-aws-") // no folder of the test's: the state must outlive what can't be removed
	if err != nil {
		t.Fatal(err)
	}
	l := &life{T: t, config: cfg, environment: environment, regions: regions, folder: folder}
	l.name = fmt.Sprintf("it-%08x", rand.Uint32())
	text := fmt.Sprintf(settings, l.name, account)
	if err := os.WriteFile(filepath.Join(folder, "provision.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.cleanUp)
	return l
}

// live goes from nothing to nothing.
func (l *life) live() {
	l.killed(graph.Creating, "vpc")
	l.killed(graph.Created, "nat-gateway/a")
	l.run("up", "--yes").ends(exitDone)
	l.isThereOnce()

	if again := l.run("up", "--yes").ends(exitDone); again.mutating != 0 {
		l.Errorf("a second up made %d calls that change something", again.mutating)
	}
	l.run("plan", "--detailed-exitcode").ends(exitDone)
	l.run("status", "--detailed-exitcode").ends(exitDone)
	l.run("sweep").ends(exitDone).shows("all of the stack's resources are in its state")

	l.revokeIngress()
	l.run("status", "--detailed-exitcode").ends(exitChanges).shows("ingress tcp 80 from 0.0.0.0/0: none → allowed")
	l.run("up", "--yes").ends(exitDone)
	l.run("status", "--detailed-exitcode").ends(exitDone)

	l.run("down", "--yes").ends(exitDone)
	if left := l.awaitNothing(l.Context()); len(left) > 0 {
		l.Errorf("left after down:\n%s", left)
	}
}

// isThereOnce checks that the killed runs doubled nothing.
func (l *life) isThereOnce() {
	l.Helper()
	there, err := l.mine(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	want := map[string]int{
		"vpc": 1, "internet-gateway": 1, "subnet": 4, "elastic-ip": 1, "nat-gateway": 1, "security-group": 3, "vpc-endpoint": 3,
		"launch-template": 1, "auto-scaling-group": 1, "load-balancer": 1, "listener": 1, "target-group": 1,
	}
	for _, region := range l.regions {
		got := there.In(region).Where(func(r inventory.Resource) bool { return want[r.Kind] > 0 }).Count()
		if diff := cmp.Diff(want, got); diff != "" {
			l.Errorf("%s (-want +got):\n%s", region, diff)
		}
	}
}

// mine is all that bears the stack's name, in a tag or in its own name.
func (l *life) mine(ctx context.Context) (inventory.Inventory, error) {
	all, err := inventory.List(ctx, l.config, l.regions...)
	return all.Where(func(r inventory.Resource) bool { return strings.Contains(r.ID+r.Text, l.name) }), err
}

// revokeIngress removes the load balancer's rules in the first region, as a user of the console might.
func (l *life) revokeIngress() {
	l.Helper()
	cfg := l.config.Copy()
	cfg.Region = l.regions[0]
	api := ec2.NewFromConfig(cfg)
	out, err := api.DescribeSecurityGroups(l.Context(), &ec2.DescribeSecurityGroupsInput{Filters: []types.Filter{
		{Name: sdk.String("tag:" + graph.TagStack), Values: []string{l.name}},
		{Name: sdk.String("tag:" + graph.TagKey), Values: []string{"security-group/alb"}},
	}})
	if err != nil || len(out.SecurityGroups) != 1 {
		l.Fatalf("find the load balancer's security group: %v, %v", out, err)
	}
	group := out.SecurityGroups[0]
	if _, err := api.RevokeSecurityGroupIngress(l.Context(), &ec2.RevokeSecurityGroupIngressInput{
		GroupId: group.GroupId, IpPermissions: slices.Clone(group.IpPermissions),
	}); err != nil {
		l.Fatal(err)
	}
}
