//go:build unix

package safefile

import (
	"errors"
	"io/fs"
	"syscall"
)

// NoFollow is for others' code that opens files: the system refuses a link at the end of the path.
const NoFollow = syscall.O_NOFOLLOW

// openFlags keep the system from following a link, and from waiting for the other end of a pipe.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// isLink tells the refusal of O_NOFOLLOW; FreeBSD and NetBSD have errors of their own for it.
func isLink(err error) bool {
	return errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK)
}

// links is how many names a file has.
func links(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink) //nolint:unconvert // it has another size on other systems
	}
	return 1
}
