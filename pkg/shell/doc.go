// Package shell opens a shell on an instance by Session Manager: it finds AWS's plugin, which speaks the protocol, and gives it the
// session and the terminal. It does not choose the instance, and starts no session.
package shell
