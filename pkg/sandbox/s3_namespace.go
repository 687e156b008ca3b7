package sandbox

// bucketClaim says whose a bucket name is.
type bucketClaim struct{ Account string }

var bucketClaims = newKind[bucketClaim]("s3-bucket-claim", "")

// s3Everyone is the pseudo account that holds what all accounts share: the names of buckets. It is locked last, while
// the caller's account is, and nothing is locked after it.
const s3Everyone = "s3-namespace"

// claimBucket takes a name for an account, unless it is another's.
func (s *Sandbox) claimBucket(name, account string) bool {
	names, unlock := s.bucketNames()
	defer unlock()
	if have := bucketClaims.get(names, name); have != nil {
		return have.Account == account
	}
	bucketClaims.put(names, name, &bucketClaim{Account: account})
	return true
}

func (s *Sandbox) releaseBucket(name string) {
	names, unlock := s.bucketNames()
	defer unlock()
	bucketClaims.drop(names, name)
}

// bucketOwner is the account that has a bucket, or empty.
func (s *Sandbox) bucketOwner(name string) string {
	names, unlock := s.bucketNames()
	defer unlock()
	if have := bucketClaims.get(names, name); have != nil {
		return have.Account
	}
	return ""
}

func (s *Sandbox) bucketNames() (names *region, unlock func()) {
	everyone := s.account(s3Everyone)
	everyone.mu.Lock()
	return everyone.region(globalRegion), everyone.mu.Unlock
}
