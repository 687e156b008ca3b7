// Package state keeps what must survive a crash: the owner of a stack, the facts that were decided for each of its regions,
// and the resources that were claimed and bound there. It keeps them in a file or in an S3 bucket, lets one writer at a
// time change them, and provides the engine's journals.
//
// It must not know what a VPC is, and calls no cloud except for the bucket that holds the state. It never treats an
// unreadable state as empty: a run with an empty state would create everything a second time.
//
// Reading order: document.go and encode.go (the content and its encoding), store.go (the two places that hold it),
// writer.go with commit.go and journal.go (how a run changes it), then local_*.go and s3_*.go, and rebuild.go for when
// all is lost.
package state
