//go:build !unix

package localstack

import "syscall"

func ownSession() *syscall.SysProcAttr { return nil }
