package stack_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

// The internet reaches the load balancer's port, and 443 only where a certificate answers there; it reaches nothing else.
func TestTheInternetReachesThePortsThatAnswer(t *testing.T) {
	const plain = "version: 1\n"
	for name, c := range map[string]struct {
		settings string
		want     []int32
	}{
		"as it comes":        {plain, []int32{80}},
		"another port":       {plain + "defaults: {lb: {port: 8080}}\n", []int32{8080}},
		"with a certificate": {withCertificate, []int32{80, 443}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{}, "eu-west-1")
			w.settings(t, c.settings)
			mustUp(t, w)
			groups, err := ec2.NewFromConfig(w.config()).DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{})
			if err != nil {
				t.Fatal(err)
			}
			var open []int32
			for _, group := range groups.SecurityGroups {
				for _, rule := range group.IpPermissions {
					if !slices.ContainsFunc(rule.IpRanges, func(r types.IpRange) bool { return aws.ToString(r.CidrIp) == "0.0.0.0/0" }) {
						continue
					}
					if *rule.FromPort != *rule.ToPort || *group.GroupName != "provision-web-alb" {
						t.Errorf("%s: %s is open from %d to %d", name, *group.GroupName, *rule.FromPort, *rule.ToPort)
					}
					open = append(open, *rule.FromPort)
				}
			}
			if slices.Sort(open); !slices.Equal(open, c.want) {
				t.Errorf("%s: the ports %v are open to the internet, want %v", name, open, c.want)
			}
		})
	}
}
