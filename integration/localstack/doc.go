// Package localstack runs LocalStack for tests and for people who try the program without an AWS account.
//
// It installs LocalStack from a lock file into the user's cache, once per machine, and starts it on a free loopback
// port; it needs Python 3.13 and neither a container engine nor a license. Where AWS_ENDPOINT_URL is set, that endpoint
// is used as it is and nothing is installed or started.
//
// The community edition has no Elastic Load Balancing v2 and no Auto Scaling. These two are served by Moto, in
// LocalStack's own process (see the folder provider): they are not LocalStack's licensed implementations.
//
// The package must not know what the program builds, nor import any of its packages.
package localstack
