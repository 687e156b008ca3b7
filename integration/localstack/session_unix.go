//go:build unix

package localstack

import "syscall"

// ownSession keeps the Ctrl-C that stops the program under test from LocalStack.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
