// Package state keeps what must survive a crash: whose a stack is, what was decided for each of its regions, and which
// resources were claimed and bound there. It keeps it in a file or in an S3 bucket, lets one writer at it at a time,
// and gives the engine its journals.
//
// It must not know what a VPC is, nor read any cloud but for the bucket that it was given. What it can't read it
// never takes for empty: a state that is read as empty makes everything a second time.
//
// Reading order: document.go and encode.go (what is kept and how), store.go (the two places it is kept in), writer.go
// with commit.go and journal.go (how a run changes it), then local_*.go and s3_*.go, and rebuild.go for when all is
// lost.
package state
