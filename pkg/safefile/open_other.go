//go:build !unix

package safefile

import "io/fs"

// NoFollow is nothing where the system has no such flag.
const NoFollow = 0

// openFlags are none: to make a link takes an administrator's right on Windows, and [Check] looks for one before.
const openFlags = 0

func isLink(error) bool { return false }

func links(fs.FileInfo) uint64 { return 1 }
