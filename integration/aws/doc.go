// Package realaws is one life of a stack on a real AWS account: two killed runs and a third create it; then it is
// observed, changed by hand, repaired and removed, with the compiled program. It runs only for a user who asks for it
// and names the account:
//
//	PROVISION_REAL_AWS=1 PROVISION_REAL_AWS_ACCOUNT=123456789012 make test-aws
//
// The credentials are those that the AWS SDK finds, and before anything else STS has to say that they are of that
// account. PROVISION_REAL_AWS_REGIONS names other regions than us-east-1,eu-west-1. In any case the suite removes
// its resources at the end: all of them bear a stack name that is drawn for the run. If that fails, it says what is left and where the
// state is.
//
// Costs, by the list prices of us-east-1: in each region a NAT gateway (0.045 USD an hour), a load balancer (0.0225),
// two t3.micro with 8 GB of gp3 each (0.023), three public IPv4 addresses (0.015) and two interface endpoints in two
// zones (0.04): 0.15 USD an hour, of which a run takes about one, and each started hour counts in full. So 0.50 USD for
// the two regions, and twice that if you are unlucky.
//
// Everywhere else the same life is rehearsed on a sandbox that is served, so that the suite is known to work when it is
// paid for.
package realaws
