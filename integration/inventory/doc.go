// Package inventory lists what is in an AWS account, by asking AWS for everything and not by state, tag or name. Tests
// compare two lists byte for byte: what a program made, and that it touched nothing else.
//
// It must not know the program, its tags or its names. S3 buckets and SSM parameters are not listed.
package inventory
