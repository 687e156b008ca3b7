package sandbox_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

func TestPages(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		var want, got []string
		for i := range 12 {
			want = append(want, w.subnet(vpc, fmt.Sprintf("10.0.%d.0/24", i), "a"))
		}
		pages := ec2.NewDescribeSubnetsPaginator(w.Client, &ec2.DescribeSubnetsInput{MaxResults: aws.Int32(5)})
		for n := 0; pages.HasMorePages(); n++ {
			page, err := pages.NextPage(w.Context())
			w.check(err)
			if n == 0 { // what is deleted between two pages moves nothing
				_, err := w.DeleteSubnet(w.Context(), &ec2.DeleteSubnetInput{SubnetId: &want[0]})
				w.check(err)
			}
			for _, s := range page.Subnets {
				got = append(got, *s.SubnetId)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("paged (-want +got):\n%s", diff)
		}
	})
}

func TestPageRefusals(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		for _, test := range []struct {
			name, code string
			in         ec2.DescribeVpcsInput
		}{
			{"too few", "InvalidParameterValue", ec2.DescribeVpcsInput{MaxResults: aws.Int32(4)}},
			{"too many", "InvalidParameterValue", ec2.DescribeVpcsInput{MaxResults: aws.Int32(1001)}},
			{"with IDs", "InvalidParameterCombination", ec2.DescribeVpcsInput{MaxResults: aws.Int32(5), VpcIds: []string{vpc}}},
			{"made-up token", "InvalidPaginationToken", ec2.DescribeVpcsInput{NextToken: aws.String("three")}},
		} {
			_, err := w.DescribeVpcs(w.Context(), &test.in)
			if got := code(w.T, err); got != test.code {
				t.Errorf("%s: %q, want %q", test.name, got, test.code)
			}
		}
	})
}

func TestFilters(t *testing.T) {
	for _, test := range []struct {
		name    string
		filters []types.Filter
		want    []string // the names of those found
	}{
		{"none", nil, []string{"web-a", "web-b", "db"}},
		{"by tag", filter("tag:Name", "db"), []string{"db"}},
		{"any of two values", filter("tag:Name", "db", "web-a"), []string{"web-a", "db"}},
		{"all of two filters", append(filter("tag:Name", "web-*"), filter("cidr-block", "10.0.1.0/24")...), []string{"web-b"}},
		{"any character", filter("tag:Name", "web-?"), []string{"web-a", "web-b"}},
		{"stars in the middle", filter("tag:Name", "*e*-*"), []string{"web-a", "web-b"}},
		{"an escaped star", filter("tag:Name", `web-\*`), nil},
		{"by the tag's key", filter("tag-key", "Name"), []string{"web-a", "web-b", "db"}},
		{"by a key that none has", filter("tag-key", "name"), nil},
		{"by what is not a tag", filter("availability-zone", "eu-west-1b"), []string{"web-b"}},
		{"no match", filter("vpc-id", "vpc-1"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, sandbox.Options{}, func(w world) {
				vpc := w.vpc("10.0.0.0/16")
				for i, name := range []string{"web-a", "web-b", "db"} {
					w.named(w.subnet(vpc, fmt.Sprintf("10.0.%d.0/24", i), string("abc"[i])), name)
				}
				out, err := w.DescribeSubnets(w.Context(), &ec2.DescribeSubnetsInput{Filters: test.filters})
				w.check(err)
				var got []string
				for _, s := range out.Subnets {
					got = append(got, *s.Tags[0].Value)
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("found %v, want %v", got, test.want)
				}
			})
		})
	}
}

func (w world) named(id, name string) {
	w.Helper()
	_, err := w.CreateTags(w.Context(), &ec2.CreateTagsInput{
		Resources: []string{id}, Tags: []types.Tag{{Key: aws.String("Name"), Value: &name}},
	})
	w.check(err)
}

// A tag filter finds just the one thing that has the tag, of every kind that can be tagged.
func TestTagFilterFindsOne(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc, other := w.vpc("10.0.0.0/16"), w.vpc("10.1.0.0/16")
		gateway, table, group, address := w.gateway(vpc), w.table(vpc), w.group(vpc, "app"), w.address()
		subnet := w.subnet(vpc, "10.0.0.0/24", "a")
		nat := w.nat(subnet, address)
		s3 := ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.s3")}
		endpoint := w.endpoint(s3)
		w.gateway(other)
		w.table(other)
		w.group(other, "app")
		w.nat(w.subnet(other, "10.1.0.0/24", "a"), w.address())
		s3.VpcId = &other
		w.endpoint(s3)
		for _, id := range []string{vpc, gateway, table, group, address, subnet, nat, endpoint} {
			w.named(id, "mine")
		}
		mine := filter("tag:Name", "mine")
		found := map[string]int{}
		vpcs, err := w.DescribeVpcs(w.Context(), &ec2.DescribeVpcsInput{Filters: mine})
		w.check(err)
		found["vpc"] = len(vpcs.Vpcs)
		subnets, err := w.DescribeSubnets(w.Context(), &ec2.DescribeSubnetsInput{Filters: mine})
		w.check(err)
		found["subnet"] = len(subnets.Subnets)
		tables, err := w.DescribeRouteTables(w.Context(), &ec2.DescribeRouteTablesInput{Filters: mine})
		w.check(err)
		found["route table"] = len(tables.RouteTables)
		groups, err := w.DescribeSecurityGroups(w.Context(), &ec2.DescribeSecurityGroupsInput{Filters: mine})
		w.check(err)
		found["security group"] = len(groups.SecurityGroups)
		gateways, err := w.DescribeInternetGateways(w.Context(), &ec2.DescribeInternetGatewaysInput{Filters: mine})
		w.check(err)
		found["internet gateway"] = len(gateways.InternetGateways)
		addresses, err := w.DescribeAddresses(w.Context(), &ec2.DescribeAddressesInput{Filters: mine})
		w.check(err)
		found["elastic IP"] = len(addresses.Addresses)
		nats, err := w.DescribeNatGateways(w.Context(), &ec2.DescribeNatGatewaysInput{Filter: mine})
		w.check(err)
		found["NAT gateway"] = len(nats.NatGateways)
		endpoints, err := w.DescribeVpcEndpoints(w.Context(), &ec2.DescribeVpcEndpointsInput{Filters: mine})
		w.check(err)
		found["endpoint"] = len(endpoints.VpcEndpoints)
		for kind, n := range found {
			if n != 1 {
				t.Errorf("%s: the tag filter found %d", kind, n)
			}
		}
		tags, err := w.DescribeTags(w.Context(), &ec2.DescribeTagsInput{Filters: filter("value", "mine")})
		w.check(err)
		if len(tags.Tags) != len(found) {
			t.Errorf("DescribeTags found %d of %d", len(tags.Tags), len(found))
		}
	})
}

func TestDeleteTags(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		for _, key := range []string{"a", "b", "c", "d"} {
			w.check(w.tryTag(vpc, key))
		}
		_, err := w.DeleteTags(w.Context(), &ec2.DeleteTagsInput{Resources: []string{vpc}, Tags: []types.Tag{
			{Key: aws.String("a")},
			{Key: aws.String("b"), Value: aws.String("another value")},
			{Key: aws.String("c"), Value: aws.String("v")},
			{Key: aws.String("not there")},
		}})
		w.check(err)
		out, err := w.DescribeVpcs(w.Context(), &ec2.DescribeVpcsInput{})
		w.check(err)
		var left []string
		for _, tag := range out.Vpcs[0].Tags {
			left = append(left, *tag.Key)
		}
		if !slices.Equal(left, []string{"b", "d"}) {
			t.Errorf("left: %v", left)
		}
	})
}

// A new thing is missing for as many reads as the lag says, by ID with an error, by filter in silence.
func TestReadLag(t *testing.T) {
	inWorld(t, sandbox.Options{ReadLag: 2}, func(w world) {
		byID := &ec2.DescribeVpcsInput{VpcIds: []string{w.vpc("10.0.0.0/16")}}
		_, err := w.DescribeVpcs(w.Context(), byID)
		w.refused(err, "InvalidVpcID.NotFound")
		out, err := w.DescribeVpcs(w.Context(), &ec2.DescribeVpcsInput{Filters: filter("state", "*")})
		w.check(err)
		if len(out.Vpcs) != 0 {
			t.Error("the second read sees it already")
		}
		_, err = w.DescribeVpcs(w.Context(), byID)
		w.check(err)
	})
}

// Neither other regions nor other accounts see what one has.
func TestIsolation(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		byID := &ec2.DescribeVpcsInput{VpcIds: []string{w.vpc("10.0.0.0/16")}}
		_, err := ec2Client(w.sandbox, "us-east-1").DescribeVpcs(w.Context(), byID)
		w.refused(err, "InvalidVpcID.NotFound")
		cfg := awsConfig(w.sandbox, "eu-west-1")
		cfg.Credentials = credentials.NewStaticCredentialsProvider("210987654321", "test", "")
		_, err = ec2.NewFromConfig(cfg).DescribeVpcs(w.Context(), byID)
		w.refused(err, "InvalidVpcID.NotFound")
		_, err = ec2Client(w.sandbox, "af-south-1").DescribeVpcs(w.Context(), byID)
		w.refused(err, "AuthFailure") // not opted in
		_, err = ec2Client(w.sandbox, "eu-nowhere-7").DescribeVpcs(w.Context(), byID)
		w.refused(err, "AuthFailure")
	})
}

func TestZones(t *testing.T) {
	inWorld(t, sandbox.Options{OptedIn: []string{"af-south-1"}}, func(w world) {
		virginia := ec2Client(w.sandbox, "us-east-1")
		zones, err := virginia.DescribeAvailabilityZones(w.Context(), &ec2.DescribeAvailabilityZonesInput{})
		w.check(err)
		if len(zones.AvailabilityZones) != 6 {
			t.Errorf("us-east-1 has %d zones", len(zones.AvailabilityZones))
		}
		offered, err := virginia.DescribeInstanceTypeOfferings(w.Context(), &ec2.DescribeInstanceTypeOfferingsInput{
			LocationType: types.LocationTypeAvailabilityZoneId, Filters: filter("instance-type", "t3.micro"),
		})
		w.check(err)
		for _, o := range offered.InstanceTypeOfferings {
			if *o.Location == "use1-az3" {
				t.Error("use1-az3 offers t3.micro")
			}
		}
		if len(offered.InstanceTypeOfferings) != 5 {
			t.Errorf("%d zones of us-east-1 offer t3.micro", len(offered.InstanceTypeOfferings))
		}
		regions, err := virginia.DescribeRegions(w.Context(), &ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
		w.check(err)
		status := map[string]string{}
		for _, r := range regions.Regions {
			status[*r.RegionName] = *r.OptInStatus
		}
		want := map[string]string{"eu-west-1": "opt-in-not-required", "af-south-1": "opted-in", "me-south-1": "not-opted-in"}
		for name, optIn := range want {
			if status[name] != optIn {
				t.Errorf("%s is %q, want %q", name, status[name], optIn)
			}
		}
	})
}
