package config

import (
	"maps"
	"slices"
	"strings"
)

// regionIndex gives each AWS region its place in the address plan, for ever: the VPC of region i is the i-th block
// of the supernet. Append only: a changed index would move the network of a stack that runs. It starts at 1, since
// the block 0 of 10.0.0.0/8 is what the console's VPC wizard proposes and so what most people already have.
//
// Isolated partitions (aws-iso*) are left out: they are not reachable with the stack's public parameters.
var regionIndex = map[string]int{
	"us-east-1":      1,
	"us-east-2":      2,
	"us-west-1":      3,
	"us-west-2":      4,
	"ca-central-1":   5,
	"ca-west-1":      6,
	"mx-central-1":   7,
	"sa-east-1":      8,
	"eu-west-1":      9,
	"eu-west-2":      10,
	"eu-west-3":      11,
	"eu-central-1":   12,
	"eu-central-2":   13,
	"eu-north-1":     14,
	"eu-south-1":     15,
	"eu-south-2":     16,
	"il-central-1":   17,
	"me-south-1":     18,
	"me-central-1":   19,
	"af-south-1":     20,
	"ap-east-1":      21,
	"ap-east-2":      22,
	"ap-south-1":     23,
	"ap-south-2":     24,
	"ap-northeast-1": 25,
	"ap-northeast-2": 26,
	"ap-northeast-3": 27,
	"ap-southeast-1": 28,
	"ap-southeast-2": 29,
	"ap-southeast-3": 30,
	"ap-southeast-4": 31,
	"ap-southeast-5": 32,
	"ap-southeast-6": 33,
	"ap-southeast-7": 34,
	"us-gov-east-1":  35,
	"us-gov-west-1":  36,
	"cn-north-1":     37,
	"cn-northwest-1": 38,
	"eusc-de-east-1": 39,
	"me-west-1":      40,
	"sa-west-1":      41,
}

// KnownRegions are the names of the regions that a stack can live in, sorted.
func KnownRegions() []string {
	return slices.Sorted(maps.Keys(regionIndex))
}

// Partition is the ID of the AWS partition that a region belongs to, as ARNs spell it: "aws", "aws-cn", "aws-us-gov"
// or "aws-eusc". Credentials of one partition mean nothing in another.
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	}
	return "aws"
}
